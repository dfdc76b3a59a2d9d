import { PoolDynamics } from '../dynamics/pool-dynamics.ts'
import type { PoolTerms } from '../dynamics/terms.ts'
import { ReactiveAutoscaler } from './reactive.ts'
import type { IncumbentState } from './state.ts'

export type AutoscalerChoice = { name: string; target: number; stabilisationSeconds: number }

/**
 * The autoscaler that would run a pool if nothing else had taken control of it, from the pool as it was then. One that has run in the
 * shadow stands elsewhere: within its tolerance of 10% an autoscaler holds what it has.
 */
export class Incumbent {
  readonly name: string
  readonly pool: PoolDynamics
  /** Step of the controller at which it began. */
  readonly since: number
  decided: number | null
  private readonly autoscaler: ReactiveAutoscaler

  constructor(terms: PoolTerms, { name, ...choice }: AutoscalerChoice, from: Omit<IncumbentState, 'name'>) {
    this.name = name
    this.since = from.since
    this.decided = from.decided
    this.pool = new PoolDynamics(terms, from.pool)
    this.autoscaler = new ReactiveAutoscaler({ stepSeconds: terms.stepSeconds, ...choice }, from.reactive)
  }

  /** Begins at `step` with so many replicas that are ready, or where another one stands. */
  static from(
    terms: PoolTerms,
    choice: AutoscalerChoice,
    step: number,
    start: number | PoolDynamics,
  ): Incumbent {
    const pool = typeof start === 'number' ? new PoolDynamics(terms, start) : start
    const reactive = { recommended: [{ at: -0.001, replicas: pool.position }] }
    return new Incumbent(terms, choice, { since: step, decided: null, pool: pool.toJSON(), reactive })
  }

  /** Decides by the mean demand of its last round. */
  decide(step: number, demand: number): void {
    const { pool, autoscaler } = this
    const { ready, position, pending } = pool
    const used = demand / (pool.terms.capacityPerReplica * ready)
    const anyPending = pending.length > 0
    this.decided = autoscaler.decide({ step: step - this.since, used, ready, anyPending, position })
  }

  toJSON(): IncumbentState {
    const { name, since, decided } = this
    return { name, since, decided, pool: this.pool.toJSON(), reactive: this.autoscaler.toJSON() }
  }
}
