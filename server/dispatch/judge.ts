/**
 * What is known when a target was read: the version that a write presupposes (the approved one, or on the way back the one
 * that our write left; null where that is not known), and whether a write of ours may have been sent.
 */
export type Situation = {
  boundVersion: string | null
  toReplicas: number
  observed: { version: string; desiredReplicas: number }
  maySent: boolean
}

/** `write`: nothing has happened yet. `done`: the set-point stands. `moved`: somebody else changed the target. */
export type Verdict = 'write' | 'done' | 'moved'

/** What a version says of which object it is of, where objects of one name are told apart: its part before the colon. */
const objectOf = (version: string): string => (version.includes(':') ? (version.split(':', 1)[0] ?? '') : '')

/**
 * Settles by reading what no answer can settle. A target's version never comes back once it has moved on, so the
 * bound version proves that nothing of ours was taken; and after we sent, the set-point at another
 * version of the same object is what we asked for. Before we sent, any other version is somebody else's, whatever its number.
 */
export function judge({ boundVersion, toReplicas, observed, maySent }: Situation): Verdict {
  if (boundVersion !== null && objectOf(observed.version) !== objectOf(boundVersion)) return 'moved'
  if (observed.version === boundVersion) {
    return observed.desiredReplicas === toReplicas ? 'done' : 'write'
  }
  return maySent && observed.desiredReplicas === toReplicas ? 'done' : 'moved'
}
