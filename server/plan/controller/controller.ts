import type { ControllerAdvice } from '../contract/control.ts'
import { totalCostOf } from '../dynamics/account.ts'
import { LatencyModel } from '../dynamics/latency.ts'
import { PoolDynamics } from '../dynamics/pool-dynamics.ts'
import { type PoolTerms, stepsIn } from '../dynamics/terms.ts'
import { type Candidate, candidatesOf, needOf, unitOf } from './candidates.ts'
import type { ExpectedNeed } from './expected-need.ts'
import { chargeGuard, freshGuard, guardView, retune } from './guard.ts'
import { plannedTerms } from './planned-terms.ts'
import { ReactiveAutoscaler, SYNC_SECONDS } from './reactive.ts'
import { reasonsOf } from './reasons.ts'
import type {
  ClosedStep,
  ControllerOptions,
  ControllerState,
  DemandQuantiles,
  GuardState,
  ReactiveState,
  TallyState,
} from './state.ts'
import { BLOCK_STEPS, charge, closeBlock, freshTally, weightsOf } from './tally.ts'

/** Share of a replica from which a mixed position is rounded up: being short costs more than being over. */
const ROUND_UP_FROM = 0.25
/** What a step past the latency objective costs a candidate beside money, as a share of the price of what it needs. */
const OBJECTIVE_SHARE = 0.5

type Runner = {
  candidate: Candidate
  pool: PoolDynamics
  tally: TallyState
  reactive: ReactiveAutoscaler | null
}

/**
 * Decides the position of one pool. Demand does not depend on capacity, so what each of many ways to run the pool would
 * have cost is known from the past alone: all of them run in the shadow, and the position is their mean by how well they
 * did. Cost is convex in the path of positions, so the mean costs at most what the candidates cost by their weights,
 * but for rounding and for weights that move. Work per step is proportional to the candidates; no clock, no chance.
 */
export class PoolController {
  private readonly terms: PoolTerms
  private readonly latency: LatencyModel | null
  private readonly need: ExpectedNeed
  private readonly priors: number[]
  private readonly runners: Runner[]
  private readonly plan: PoolDynamics
  private readonly guard: GuardState
  private recent: number[]
  private decided: (number | null)[] | null
  private advised: number | null
  private step: number
  private weights: number[]

  constructor(options: ControllerOptions, state: ControllerState | null = null) {
    this.terms = plannedTerms(options.terms)
    this.latency = options.latency === null ? null : new LatencyModel(options.latency)
    this.need = needOf(this.terms)
    const { initialReplicas } = options
    const saved = new Map(state?.candidates.map((each) => [each.name, each]))
    const plan = state?.plan ?? initialReplicas
    // A candidate that the saved state does not know begins where the plan is.
    this.runners = candidatesOf(this.terms).map((candidate) => {
      const { pool = plan, tally = freshTally(), reactive } = saved.get(candidate.name) ?? {}
      return {
        candidate,
        pool: new PoolDynamics(this.terms, pool),
        tally: { ...tally },
        reactive: autoscalerOf(candidate, this.terms, reactive ?? initialReplicas),
      }
    })
    const names = this.runners.map(({ candidate }) => candidate.name)
    this.priors = this.runners.map(({ candidate }) => candidate.prior)
    this.plan = new PoolDynamics(this.terms, plan)
    this.guard = { ...(state?.guard ?? freshGuard(names[0] ?? '')) }
    if (!names.includes(this.guard.reactive)) this.guard.reactive = names[0] ?? ''
    this.recent = [...(state?.recent ?? [])]
    this.decided = state?.open ? names.map((name) => saved.get(name)?.decided ?? null) : null
    this.advised = state?.advised ?? null
    this.step = state?.step ?? 0
    this.weights = weightsOf(this.tallies(), this.priors)
  }

  /**
   * Takes the step that closed: every candidate is served its demand and charged, and decides the step that begins now by
   * the forecast that was made from it.
   */
  advance({ demand, gap, forecast, decides = true }: ClosedStep): void {
    if (this.decided !== null) this.charge(this.decided, demand, gap)
    this.recent.push(demand)
    if (this.recent.length > Math.max(1, stepsIn(SYNC_SECONDS, this.terms.stepSeconds))) this.recent.shift()
    if (forecast !== null) this.need.read(forecast)
    this.decided = this.runners.map((runner) => (decides ? this.decide(runner, forecast) : null))
    this.advised = decides ? this.mixed() : null
  }

  /** The desired position, held to the pool's bounds; null for no change. */
  desired(): number | null {
    if (this.decided === null || this.guard.control === 'plan') return this.advised
    const i = this.reactiveIndex()
    const runner = this.runners[i]
    return this.advised === null || runner === undefined ? null : this.held(runner.pool, this.decided[i])
  }

  /** What to do with the pool now, and why. Changes nothing. */
  advice(): ControllerAdvice {
    const guard = guardView(this.guard, this.runners[this.reactiveIndex()]?.candidate.label ?? '')
    const candidates = this.runners
      .map(({ candidate: { name, label }, pool, tally }, i) => ({
        name,
        label,
        weight: this.weights[i] ?? 0,
        position: this.held(pool, this.decided?.[i]),
        recentCost: tally.recentCost,
      }))
      .sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))
    return {
      desired: this.desired(),
      candidates,
      guard,
      steps: this.step,
      reasons: reasonsOf(candidates, guard),
    }
  }

  toJSON(): ControllerState {
    return {
      version: 1,
      step: this.step,
      recent: [...this.recent],
      open: this.decided !== null,
      advised: this.advised,
      candidates: this.runners.map(({ candidate: { name }, pool, tally, reactive }, i) => ({
        name,
        pool: pool.toJSON(),
        tally: { ...tally },
        reactive: reactive?.toJSON() ?? null,
        decided: this.decided?.[i] ?? null,
      })),
      plan: this.plan.toJSON(),
      guard: { ...this.guard },
    }
  }

  private decide({ candidate, pool, reactive }: Runner, forecast: DemandQuantiles | null): number | null {
    const { ready, position, pending } = pool
    if (candidate.kind === 'planned')
      return forecast === null ? null : candidate.desired({ forecast, position, need: this.need })
    const mean = this.recent.reduce((sum, each) => sum + each, 0) / this.recent.length
    const used = mean / (this.terms.capacityPerReplica * ready)
    return (
      reactive?.decide({ step: this.step, used, ready, anyPending: pending.length > 0, position }) ?? null
    )
  }

  /** Serves the step that closed in the shadow, and settles what each candidate gained on the others. */
  private charge(decided: readonly (number | null)[], demand: number, gap: boolean): void {
    const surcharge = gap ? 0 : this.objectivePrice(demand)
    const enough = this.latency?.replicasFor(demand, this.terms.minReplicas, this.terms.maxReplicas) ?? 0
    let mixed = 0
    const charges = this.runners.map(({ pool }, i) => {
      const account = pool.advance(decided[i] ?? null, demand, gap)
      const cost = totalCostOf(account)
      const late = account.ready < enough || account.backlogBefore > 0
      const score = cost + (late ? surcharge : 0)
      mixed += (this.weights[i] ?? 0) * score
      return { cost, score }
    })
    for (const [i, { tally }] of this.runners.entries()) {
      const { cost = 0, score = 0 } = charges[i] ?? {}
      charge(tally, score, mixed, cost)
    }
    const planCost = totalCostOf(this.plan.advance(this.advised, demand, gap))
    this.step++
    chargeGuard(this.guard, this.step, planCost, charges[this.reactiveIndex()]?.cost ?? 0)
    if (this.step % BLOCK_STEPS === 0) this.closeBlock()
  }

  private closeBlock(): void {
    const tallies = this.tallies()
    for (const tally of tallies) closeBlock(tally)
    this.weights = weightsOf(tallies, this.priors)
    const costs = this.runners.flatMap(({ candidate, tally }) =>
      candidate.kind === 'reactive' ? [{ name: candidate.name, cost: tally.recentCost }] : [],
    )
    retune(this.guard, costs)
  }

  /** The mean of the positions by their weights, in whole replicas. */
  private mixed(): number {
    const mean = this.runners.reduce(
      (sum, { pool }, i) => sum + (this.weights[i] ?? 0) * this.held(pool, this.decided?.[i]),
      0,
    )
    return Math.floor(mean + 1 - ROUND_UP_FROM)
  }

  private held(pool: PoolDynamics, desired: number | null | undefined): number {
    const { minReplicas, maxReplicas } = this.terms
    return Math.min(maxReplicas, Math.max(minReplicas, desired ?? pool.position))
  }

  /** Price of missing the latency objective in one step of this demand. */
  private objectivePrice(demand: number): number {
    const { pricePerReplicaHour, stepSeconds } = this.terms
    return (OBJECTIVE_SHARE * pricePerReplicaHour * (stepSeconds / 3600) * demand) / unitOf(this.terms)
  }

  private reactiveIndex(): number {
    return this.runners.findIndex(({ candidate }) => candidate.name === this.guard.reactive)
  }

  private tallies(): TallyState[] {
    return this.runners.map(({ tally }) => tally)
  }
}

function autoscalerOf(
  candidate: Candidate,
  { stepSeconds }: PoolTerms,
  start: number | ReactiveState,
): ReactiveAutoscaler | null {
  if (candidate.kind !== 'reactive') return null
  const { target, stabilisationSeconds } = candidate
  return new ReactiveAutoscaler({ stepSeconds, target, stabilisationSeconds }, start)
}
