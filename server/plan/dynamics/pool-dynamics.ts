import { InvalidInputError } from '../../kernel/errors.ts'
import { accountStep, type StepAccount } from './account.ts'
import { longestStepsToReady, type PoolTerms, stepsIn, stepsToReady } from './terms.ts'

/** Replicas ordered together. Steps are counted from the pool's first. */
export type PendingOrder = { decidedAt: number; placedAt: number; readyAt: number; count: number }

/** The whole state of a pool before its decision at `step`; plain JSON. */
export type PoolState = {
  step: number
  ready: number
  /** Units that wait. */
  backlog: number
  /** Oldest decision first; orders may become ready out of turn. */
  pending: PendingOrder[]
  /** Removed replicas that are paid until step `paidUntil`, exclusive. */
  draining: { paidUntil: number; count: number }[]
}

/**
 * Transition and cost of one pool (EQ.1): orders arrive after approval and lead time, removal cancels the newest orders
 * first, demand is served from a queue without abandonment, and every replica is paid from its order on. Between two
 * calls of `advance` it stands at an observation: what was due at `step` has arrived, nothing is decided yet.
 */
export class PoolDynamics {
  readonly terms: PoolTerms
  private readonly approvalSteps: number
  private readonly removeSteps: number
  /** Decision to ready where it is always the same; otherwise null. */
  private readonly fixedSteps: number | null
  private state: PoolState
  private pendingCount: number
  private nextReadyAt: number

  /** `start`: replicas that are ready before step 0, or a state to go on from, which is copied. */
  constructor(terms: PoolTerms, start: number | PoolState) {
    this.terms = terms
    this.approvalSteps = stepsIn(terms.approvalDelaySeconds, terms.stepSeconds)
    this.removeSteps = stepsIn(terms.removeDelaySeconds, terms.stepSeconds)
    this.fixedSteps = typeof terms.leadTimeSeconds === 'number' ? longestStepsToReady(terms) : null
    this.state =
      typeof start === 'number'
        ? { step: 0, ready: start, backlog: 0, pending: [], draining: [] }
        : structuredClone(start)
    this.pendingCount = this.state.pending.reduce((sum, { count }) => sum + count, 0)
    this.nextReadyAt = earliest(this.state.pending)
  }

  get step(): number {
    return this.state.step
  }
  get ready(): number {
    return this.state.ready
  }
  /** Units that wait. */
  get backlog(): number {
    return this.state.backlog
  }
  get pending(): readonly Readonly<PendingOrder>[] {
    return this.state.pending
  }
  /** Ready plus everything pending: what a decision is measured against. */
  get position(): number {
    return this.state.ready + this.pendingCount
  }

  /** The state as it can be kept and gone on from. */
  toJSON(): PoolState {
    return structuredClone(this.state)
  }

  /**
   * One step: brings the position to `desired` within the bounds (null: no change), serves `demand` units per second,
   * accounts, and moves on to the next observation. `gap`: nothing was measured (see `accountStep`).
   * @throws InvalidInputError when `desired` is not a whole number.
   */
  advance(desired: number | null, demand: number, gap = false): StepAccount {
    const { terms, state } = this
    const change = desired === null ? 0 : this.change(desired)
    const ordered = Math.max(0, change)
    const removed = Math.max(0, -change)
    if (ordered > 0) this.order(ordered)
    else if (removed > 0) this.remove(removed)

    const { step, ready, backlog: backlogBefore } = state
    const counts = { step, ready, inFlight: this.inFlight(), ordered, removed, backlogBefore }
    const account = accountStep(terms, counts, demand, gap)
    state.backlog = account.backlog
    state.step = step + 1
    this.arrive()
    return account
  }

  private change(desired: number): number {
    if (!Number.isInteger(desired))
      throw new InvalidInputError(`A policy must ask for a whole number of replicas, got ${desired}.`)
    const { minReplicas, maxReplicas } = this.terms
    return Math.min(maxReplicas, Math.max(minReplicas, desired)) - this.position
  }

  private order(count: number): void {
    const { step } = this.state
    const readyAt = step + (this.fixedSteps ?? stepsToReady(this.terms, step))
    if (readyAt === step) {
      this.state.ready += count
      return
    }
    this.state.pending.push({ decidedAt: step, placedAt: step + this.approvalSteps, readyAt, count })
    this.pendingCount += count
    this.nextReadyAt = Math.min(this.nextReadyAt, readyAt)
  }

  private remove(count: number): void {
    const { state } = this
    let left = count
    for (let newest = state.pending.at(-1); left > 0 && newest; newest = state.pending.at(-1)) {
      const cancelled = Math.min(left, newest.count)
      newest.count -= cancelled
      left -= cancelled
      if (newest.count === 0) state.pending.pop()
    }
    this.pendingCount -= count - left
    if (left === 0) return
    state.ready -= left
    if (this.removeSteps > 0) state.draining.push({ paidUntil: state.step + this.removeSteps, count: left })
  }

  /** Paid and not serving: placed orders and what drains. Later decisions are placed later. */
  private inFlight(): number {
    const { step, pending, draining } = this.state
    let count = this.pendingCount
    for (let i = pending.length - 1; i >= 0; i--) {
      const order = pending[i]
      if (order === undefined || order.placedAt <= step) break
      count -= order.count
    }
    for (const leaving of draining) count += leaving.count
    return count
  }

  private arrive(): void {
    const { state } = this
    const { step } = state
    if (step >= this.nextReadyAt) {
      let arrived = 0
      for (const { readyAt, count } of state.pending) if (readyAt <= step) arrived += count
      state.pending = state.pending.filter(({ readyAt }) => readyAt > step)
      state.ready += arrived
      this.pendingCount -= arrived
      this.nextReadyAt = earliest(state.pending)
    }
    while ((state.draining[0]?.paidUntil ?? Number.POSITIVE_INFINITY) <= step) state.draining.shift()
  }
}

function earliest(pending: readonly PendingOrder[]): number {
  let at = Number.POSITIVE_INFINITY
  for (const { readyAt } of pending) if (readyAt < at) at = readyAt
  return at
}
