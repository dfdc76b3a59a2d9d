/** What is known when a target was read: what was approved, and whether a write of ours may have been sent. */
export type Situation = {
  approvedVersion: string
  toReplicas: number
  observed: { version: string; desiredReplicas: number }
  maySent: boolean
}

/** `write`: nothing has happened yet. `done`: the set-point stands. `moved`: somebody else changed the target. */
export type Verdict = 'write' | 'done' | 'moved'

/**
 * Settles by reading what no answer can settle. A target's version never comes back once it has moved on, so the
 * approved version proves that nothing of ours was taken; and after we sent, the approved set-point at another
 * version is what we asked for. Before we sent, any other version is somebody else's, whatever its number.
 */
export function judge({ approvedVersion, toReplicas, observed, maySent }: Situation): Verdict {
  if (observed.version === approvedVersion) {
    return observed.desiredReplicas === toReplicas ? 'done' : 'write'
  }
  return maySent && observed.desiredReplicas === toReplicas ? 'done' : 'moved'
}
