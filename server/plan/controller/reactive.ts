import { ceilTolerant, floorTolerant } from '../dynamics/rounding.ts'
import type { ReactiveState } from './state.ts'

/** Period of the autoscaler's loop, over which it averages its metric too. */
export const SYNC_SECONDS = 15
const TOLERANCE = 0.1 + 1e-9
/** Doubling more often than this reaches any bound. */
const MOST_DOUBLINGS = 12

export type ReactiveTerms = { stepSeconds: number; target: number; stabilisationSeconds: number }

/** What the autoscaler sees: `used` is the load over what is ready, 1 when replicas are full. */
export type ReactiveView = {
  step: number
  used: number
  ready: number
  anyPending: boolean
  /** Ready plus everything on its way. */
  position: number
}

/**
 * The Kubernetes HorizontalPodAutoscaler (autoscaling/v2) with its default behaviour: the largest recommendation of the
 * stabilisation window on the way down, at most twice or four more per 15 s on the way up.
 */
export class ReactiveAutoscaler {
  private readonly terms: ReactiveTerms
  /** Recommendations that could still be the largest: later ones are smaller. */
  private recommended: { at: number; replicas: number }[]

  constructor(terms: ReactiveTerms, start: number | ReactiveState) {
    this.terms = terms
    this.recommended =
      typeof start === 'number' ? [{ at: -0.001, replicas: start }] : structuredClone(start.recommended)
  }

  /** The desired position, or null where the loop does not run in this step or nothing is ready. */
  decide(view: ReactiveView): number | null {
    const { stepSeconds, stabilisationSeconds } = this.terms
    const syncs = turnsAt(view.step, stepSeconds, SYNC_SECONDS)
    if (syncs === 0 || view.ready === 0) return null
    const at = view.step * stepSeconds
    const spec = view.position
    const replicas = this.recommend(view)
    const { recommended } = this
    while ((recommended.at(-1)?.replicas ?? Number.POSITIVE_INFINITY) <= replicas) recommended.pop()
    recommended.push({ at, replicas })
    while ((recommended[0]?.at ?? at) <= at - stabilisationSeconds) recommended.shift()
    if (replicas < spec) return Math.min(spec, recommended[0]?.replicas ?? replicas)
    let limit = spec
    for (let i = 0; i < Math.min(syncs, MOST_DOUBLINGS); i++) limit = Math.max(2 * limit, limit + 4)
    return Math.min(replicas, limit)
  }

  toJSON(): ReactiveState {
    return { recommended: structuredClone(this.recommended) }
  }

  private recommend({ used, ready, anyPending, position }: ReactiveView): number {
    const { target } = this.terms
    const ratio = used / target
    if (anyPending && ratio > 1) {
      // Pods that are not ready count as unused when the load asks for more.
      const damped = (used * ready) / (position * target)
      if (damped < 1 || Math.abs(damped - 1) <= TOLERANCE) return position
      return Math.max(position, ceilTolerant(damped * position))
    }
    return Math.abs(ratio - 1) <= TOLERANCE ? position : ceilTolerant(ratio * ready)
  }
}

/** How many turns of a loop of `periodSeconds` end within the step that ends at its decision; one at the first. */
export function turnsAt(step: number, stepSeconds: number, periodSeconds: number): number {
  if (step === 0) return 1
  const turns = (k: number) => floorTolerant((k * stepSeconds) / periodSeconds)
  return turns(step) - turns(step - 1)
}
