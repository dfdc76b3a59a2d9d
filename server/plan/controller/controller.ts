import type { ControllerAdvice } from '../contract/control.ts'
import { totalCostOf } from '../dynamics/account.ts'
import { LatencyModel } from '../dynamics/latency.ts'
import { PoolDynamics } from '../dynamics/pool-dynamics.ts'
import { type PoolTerms, stepsIn, stepsToReady } from '../dynamics/terms.ts'
import { type Candidate, candidatesOf, needOf, unitOf } from './candidates.ts'
import type { ExpectedNeed } from './expected-need.ts'
import { chargeGuard, freshGuard, guardView, retune } from './guard.ts'
import { type AutoscalerChoice, Incumbent } from './incumbent.ts'
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
  TrustState,
} from './state.ts'
import { BLOCK_STEPS, charge, closeBlock, freshTally, MEMORY_STEPS, weightsOf } from './tally.ts'
import { chargeTrust, closeTrustBlock, freshTrust, trustBlockSteps, trustOf } from './trust.ts'

/** Share of a replica from which a mixed position is rounded up: being short costs more than being over. */
const ROUND_UP_FROM = 0.25
/** What a step past the latency objective costs a candidate beside money, as a share of the price of what it needs. */
const OBJECTIVE_SHARE = 0.5
/** The autoscaler of the first steps, until one is known to be cheaper. */
const FIRST_REACTIVE = 'hpa-0.7-300'

type Runner = {
  candidate: Candidate
  pool: PoolDynamics
  tally: TallyState
  reactive: ReactiveAutoscaler | null
  /** Of an autoscaler. */
  trust: TrustState | null
}

/**
 * Decides the position of one pool. Demand does not depend on capacity, so what each of many ways to run the pool would
 * have cost is known from the past alone: all of them run in the shadow, and the position is their mean by how well they
 * did. Cost is convex in the path of positions, so the mean costs at most what the candidates cost by their weights,
 * but for rounding and for weights that move. That mean has a say beside the autoscaler that would run otherwise as far
 * as it has shown to be cheaper, from when control is taken. Work per step is proportional to the candidates; no clock, no chance.
 */
export class PoolController {
  private readonly terms: PoolTerms
  private readonly latency: LatencyModel | null
  private readonly need: ExpectedNeed
  private readonly priors: number[]
  private readonly runners: Runner[]
  private readonly mixture: PoolDynamics
  private readonly plan: PoolDynamics
  private readonly guard: GuardState
  private readonly trustBlock: number
  private incumbent: Incumbent | null
  private recent: number[]
  private decided: (number | null)[] | null
  private mixed: number | null
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
      const { pool = plan, tally = freshTally(), reactive, trust } = saved.get(candidate.name) ?? {}
      return {
        candidate,
        pool: new PoolDynamics(this.terms, pool),
        tally: { ...tally },
        reactive: autoscalerOf(candidate, this.terms, reactive ?? initialReplicas),
        trust: candidate.kind === 'reactive' ? structuredClone(trust ?? freshTrust()) : null,
      }
    })
    const names = this.runners.map(({ candidate }) => candidate.name)
    this.priors = this.runners.map(({ candidate }) => candidate.prior)
    this.mixture = new PoolDynamics(this.terms, state?.mixture ?? plan)
    this.plan = new PoolDynamics(this.terms, plan)
    this.trustBlock = trustBlockSteps(stepsToReady(this.terms, 0))
    this.guard = { ...(state?.guard ?? freshGuard(FIRST_REACTIVE)) }
    if (!names.includes(this.guard.reactive)) this.guard.reactive = FIRST_REACTIVE
    const choice = this.choiceOf(state?.incumbent?.name)
    this.incumbent = state?.incumbent && choice ? new Incumbent(this.terms, choice, state.incumbent) : null
    this.recent = [...(state?.recent ?? [])]
    this.decided = state?.open ? names.map((name) => saved.get(name)?.decided ?? null) : null
    this.mixed = state?.mixed ?? null
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
    if (this.incumbent !== null) {
      if (decides) this.incumbent.decide(this.now, this.load())
      else this.incumbent.decided = null
    }
    this.mixed = decides ? this.mean() : null
    this.advised = this.hedged()
  }

  /**
   * Begins to control a pool that has `ready` replicas, after what was seen so far was only learned from: the autoscaler
   * that it is held against is the one that cost least in all of that, and starts from there too. Once is enough.
   */
  takeControl(ready: number): void {
    if (this.decided === null || this.incumbent !== null) return
    let best: Runner | null = null
    for (const runner of this.runners)
      if (runner.trust !== null && runner.trust.spent < (best?.trust?.spent ?? Number.POSITIVE_INFINITY))
        best = runner
    const choice = this.choiceOf(best?.candidate.name)
    if (choice === null) return
    this.guard.reactive = choice.name
    this.incumbent = Incumbent.from(this.terms, choice, this.now, ready)
    if (this.mixed !== null) this.incumbent.decide(this.now, this.load())
    this.advised = this.hedged()
  }

  /** How many steps it has seen to their end. */
  get steps(): number {
    return this.step
  }

  /** The desired position, held to the pool's bounds; null for no change. */
  desired(): number | null {
    if (this.decided === null || this.guard.control === 'plan') return this.advised
    return this.advised === null ? null : this.reactivePosition()
  }

  /** What to do with the pool now, and why. Changes nothing. */
  advice(): ControllerAdvice {
    const guard = guardView(this.guard, this.runners[this.reactiveIndex()]?.candidate.label ?? '')
    const trust = this.trust()
    const candidates = this.runners
      .map(({ candidate: { name, label }, pool, tally }, i) => ({
        name,
        label,
        weight: trust * (this.weights[i] ?? 0) + (name === this.guard.reactive ? 1 - trust : 0),
        position: this.held(pool, this.decided?.[i]),
        recentCost: tally.recentCost,
      }))
      .sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))
    return {
      desired: this.desired(),
      candidates,
      guard,
      steps: this.step,
      reasons: reasonsOf(candidates, guard, this.incumbent && trust),
    }
  }

  toJSON(): ControllerState {
    return {
      version: 1,
      step: this.step,
      recent: [...this.recent],
      open: this.decided !== null,
      advised: this.advised,
      candidates: this.runners.map(({ candidate: { name }, pool, tally, reactive, trust }, i) => ({
        name,
        pool: pool.toJSON(),
        tally: { ...tally },
        reactive: reactive?.toJSON() ?? null,
        decided: this.decided?.[i] ?? null,
        trust: structuredClone(trust),
      })),
      mixture: this.mixture.toJSON(),
      incumbent: this.incumbent?.toJSON() ?? null,
      mixed: this.mixed,
      plan: this.plan.toJSON(),
      guard: { ...this.guard },
    }
  }

  private decide({ candidate, pool, reactive }: Runner, forecast: DemandQuantiles | null): number | null {
    const { ready, position, pending } = pool
    if (candidate.kind === 'planned')
      return forecast === null ? null : candidate.desired({ forecast, position, need: this.need })
    const used = this.load() / (this.terms.capacityPerReplica * ready)
    return reactive?.decide({ step: this.now, used, ready, anyPending: pending.length > 0, position }) ?? null
  }

  /** Serves the step that closed in the shadow, and settles what each candidate gained on the others. */
  private charge(decided: readonly (number | null)[], demand: number, gap: boolean): void {
    const surcharge = gap || this.latency === null ? 0 : this.objectivePrice(demand)
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
    const mixtureCost = totalCostOf(this.mixture.advance(this.mixed, demand, gap))
    const planCost = totalCostOf(this.plan.advance(this.advised, demand, gap))
    const incumbent = this.incumbent
    const incumbentCost = incumbent && totalCostOf(incumbent.pool.advance(incumbent.decided, demand, gap))
    for (const [i, { candidate, tally, trust }] of this.runners.entries()) {
      const { cost = 0, score = 0 } = charges[i] ?? {}
      charge(tally, score, mixed, cost)
      const asked = candidate.name === this.guard.reactive ? (incumbentCost ?? cost) : cost
      if (trust !== null) chargeTrust(trust, asked, mixtureCost)
    }
    this.step++
    const reactiveCost = incumbentCost ?? charges[this.reactiveIndex()]?.cost ?? 0
    chargeGuard(this.guard, this.step, planCost, reactiveCost)
    if (this.step % BLOCK_STEPS === 0) this.closeBlock()
    if (this.step % this.trustBlock === 0)
      for (const { trust } of this.runners) if (trust !== null) closeTrustBlock(trust, this.trustBlock)
  }

  private closeBlock(): void {
    const tallies = this.tallies()
    for (const tally of tallies) closeBlock(tally)
    this.weights = weightsOf(tallies, this.priors)
    const costs = this.runners.flatMap(({ candidate, tally }) =>
      candidate.kind === 'reactive' ? [{ name: candidate.name, cost: tally.recentCost }] : [],
    )
    // An autoscaler that runs beside the plan is not tuned again for as long as what it did is remembered.
    const { incumbent } = this
    if (incumbent !== null && this.now - incumbent.since < MEMORY_STEPS) return
    if (!retune(this.guard, costs) || incumbent === null) return
    const choice = this.choiceOf(this.guard.reactive)
    if (choice !== null) this.incumbent = Incumbent.from(this.terms, choice, this.now, incumbent.pool)
  }

  /** The mean of the positions by their weights, in whole replicas. */
  private mean(): number {
    const mean = this.runners.reduce(
      (sum, { pool }, i) => sum + (this.weights[i] ?? 0) * this.held(pool, this.decided?.[i]),
      0,
    )
    return wholeReplicas(mean)
  }

  /** What is asked for: the mean of the candidates as far as it is trusted, otherwise the autoscaler. */
  private hedged(): number | null {
    if (this.mixed === null) return null
    const trust = this.trust()
    return wholeReplicas(trust * this.mixed + (1 - trust) * this.reactivePosition())
  }

  /** As much as was shown, once there is an autoscaler to take the place of. */
  private trust(): number {
    if (this.incumbent === null) return 1
    const { trust } = this.runners[this.reactiveIndex()] ?? {}
    return trust ? trustOf(trust) : 0
  }

  /** Where the autoscaler that is compared with stands by its decision. */
  private reactivePosition(): number {
    if (this.incumbent !== null) return this.held(this.incumbent.pool, this.incumbent.decided)
    const i = this.reactiveIndex()
    return this.held(this.runners[i]?.pool ?? this.mixture, this.decided?.[i])
  }

  /** The step that is decided in, counted from the first that was seen. */
  private get now(): number {
    return this.step + 1
  }

  /** Mean demand of an autoscaler's last round. */
  private load(): number {
    return this.recent.reduce((sum, each) => sum + each, 0) / this.recent.length
  }

  private choiceOf(name: string | undefined): AutoscalerChoice | null {
    const candidate = this.runners.find((runner) => runner.candidate.name === name)?.candidate
    return candidate?.kind === 'reactive' ? candidate : null
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

const wholeReplicas = (mean: number): number => Math.floor(mean + 1 - ROUND_UP_FROM)

function autoscalerOf(
  candidate: Candidate,
  { stepSeconds }: PoolTerms,
  start: number | ReactiveState,
): ReactiveAutoscaler | null {
  if (candidate.kind !== 'reactive') return null
  const { target, stabilisationSeconds } = candidate
  return new ReactiveAutoscaler({ stepSeconds, target, stabilisationSeconds }, start)
}
