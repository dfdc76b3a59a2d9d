import type { Observation } from './contract.ts'

/** A target as it was read after its set-point had been applied. */
export type Aftermath = {
  fromReplicas: number
  toReplicas: number
  observed: Pick<Observation, 'desiredReplicas' | 'readyReplicas' | 'awaits'>
  /** A later decision of ours wrote the target in the meantime. */
  overtaken: boolean
}

/** `moved`: what stands there is no longer this set-point, and whether it had its effect cannot be seen any more. */
export type Readiness = 'ready' | 'waiting' | 'moved'

/**
 * Whether the replicas that were asked for are there. When a later decision went further the same way, this one's
 * replicas are still seen to come; when it went back, they are not. A count that does not speak of it yet is not believed.
 */
export function readinessOf({ fromReplicas, toReplicas, observed, overtaken }: Aftermath): Readiness {
  const { desiredReplicas, readyReplicas, awaits } = observed
  const isThere = (holds: boolean): Readiness => (holds && awaits === null ? 'ready' : 'waiting')
  if (desiredReplicas === toReplicas) return isThere(readyReplicas === toReplicas)
  if (!overtaken) return 'moved'
  const up = toReplicas > fromReplicas
  if (up !== desiredReplicas > toReplicas) return 'moved'
  return isThere(up ? readyReplicas >= toReplicas : readyReplicas <= toReplicas)
}
