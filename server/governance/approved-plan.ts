import { appending } from '../audit/index.ts'
import { announcing } from '../kernel/bus.ts'
import { authorise, type Context } from '../kernel/context.ts'
import { Prisma, type Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import type { Action, PlanContent } from '../plan/contract.ts'
import type { ApprovalBinding } from './contract.ts'
import { approversOf } from './policy-engine/approvers.ts'
import { type Asked, whyEngineRefuses } from './policy-engine/leave.ts'
import { supersededByWaiting } from './propose.ts'
import {
  againstRedeeming,
  againstResuming,
  heldToRedeem,
  heldToResume,
  type Vouched,
  vouchedFor,
  whyNotRedeemable,
  whyOver,
} from './redeemable.ts'
import { transition } from './state-machine.ts'
import { storedWaiver } from './stored.ts'
import { voidApproval } from './void-approval.ts'

type Parts = Pick<Vouched, 'approval' | 'binding' | 'content'>

// Known to this file alone, so nothing outside it can make an approved plan, not even by a cast.
const key = Symbol('governance')
// Set by the class itself: its constructor is private.
let make: (parts: Parts) => ApprovedPlan

/**
 * What dispatch may carry out, and nothing else. Only `redeem` and `resume` below make one; the private field makes the
 * type nominal, so an object of the same shape is not one.
 */
export class ApprovedPlan {
  readonly #parts: Parts

  private constructor(token: symbol, parts: Parts) {
    if (token !== key) throw new TypeError('Only governance makes an ApprovedPlan, by redeeming an approval.')
    this.#parts = deeplyFrozen(parts)
    Object.freeze(this)
  }

  /** Throws for anything that governance did not make. */
  static assert(value: unknown): asserts value is ApprovedPlan {
    if (!(value instanceof Object && #parts in value)) throw new TypeError('This is not an ApprovedPlan.')
  }

  static {
    make = (parts) => new ApprovedPlan(key, parts)
  }

  get decisionId(): string {
    return this.#parts.approval.decision.id
  }
  get proposalId(): string {
    return this.#parts.approval.proposal.id
  }
  get workloadId(): string {
    return this.#parts.approval.proposal.workloadId
  }
  /** Absolute set-points, one per target. */
  get actions(): readonly Action[] {
    return this.#parts.binding.actions
  }
  /** What takes the actions back when one of them fails: approved with them. null where nothing does. */
  get inverse(): readonly Action[] | null {
    const { binding } = this.#parts
    return binding.format === 'infrasage-approval/2' ? binding.inverse : null
  }
  /** The versions that the approval is bound to; the precondition of every write. */
  get targets(): ApprovalBinding['targets'] {
    return this.#parts.binding.targets
  }
  get contentHash(): string {
    return this.#parts.approval.decision.contentHash
  }
  get content(): PlanContent {
    return this.#parts.content
  }
}

function deeplyFrozen(parts: Parts): Parts {
  const freeze = (value: unknown): void => {
    if (!(value instanceof Object) || Object.isFrozen(value)) return
    Object.freeze(value)
    Object.values(value).forEach(freeze)
  }
  freeze(parts.binding)
  freeze(parts.content)
  return parts
}

/** `later`: it may still be undone, or its window has not begun. `halted`: all dispatch is stopped. Neither uses the approval up. */
export type Redemption =
  | { kind: 'approved'; plan: ApprovedPlan }
  | { kind: 'void' | 'halted'; reason: string }
  | { kind: 'later'; notBefore: Date }

/** What uses an approval up: an update of one row, and what announces it and tells the log. */
export type UsingUp = { update: Prisma.Sql; calls: readonly Prisma.Sql[] }

/**
 * Turns an approval into the one plan that dispatch may carry out, in the caller's transaction, which must also move the
 * decision's Dispatch row out of "pending". Once only. If anything bound has moved, or policy forbids the plan by now, the approval is
 * void instead: the proposal is back in the inbox and says why; the caller commits that too.
 * `observed`: the versions of the targets, read just now. `asked`: of `transactAsked`, which has the policy engine asked once more.
 * `keep`: sends what uses the approval up, with what else the caller keeps then: the log is held from there to the commit. False
 * unless the row was updated.
 * @throws ConflictError if the approval was redeemed already; then `resume`.
 */
export async function redeem({
  ctx,
  tx,
  input,
  asked = new Map(),
  keep = (using) => keepAlone(tx, using),
}: {
  ctx: Context
  tx: Tx
  input: { decisionId: string; observed: ApprovalBinding['targets'] }
  asked?: Asked
  keep?: (using: UsingUp) => Promise<boolean>
}): Promise<Redemption> {
  authorise(ctx, 'dispatch.run')
  const held = await heldToRedeem(tx, input.decisionId)
  const { decision, proposal } = held.approval
  if (decision.usedAt) {
    throw new ConflictError(
      `The approval of #${proposal.number} was redeemed at ${decision.usedAt.toISOString()}.`,
    )
  }
  const dead = whyNotRedeemable(held.approval)
  if (dead !== null) return { kind: 'void', reason: dead }
  if (decision.notBefore !== null && decision.notBefore > ctx.clock.now())
    return { kind: 'later', notBefore: decision.notBefore }
  const voided = async (why: string[]): Promise<Redemption> => {
    const whole = await tx.proposal.findUniqueOrThrow({ where: { id: proposal.id } })
    const { reason } = await voidApproval(tx, ctx, whole, why)
    await supersededByWaiting(tx, ctx, proposal.id)
    return { kind: 'void', reason }
  }
  const { vouched, forged } = vouchedFor(held, { redeemed: false })
  if (forged !== null) return voided([forged])
  const { reasons, halted, engine } = await againstRedeeming(tx, ctx, vouched, input.observed)
  if (reasons.length > 0) return voided(reasons)
  if (halted !== null) return { kind: 'halted', reason: halted }
  const refused = await whyEngineRefuses(tx, ctx, asked, { engine, ...dispatchOf(vouched) })
  if (refused !== null) return voided([refused.why])

  const next = transition(proposal.state, { name: 'redeem', by: 'system' })
  if (next.kind === 'refused')
    throw new ConflictError(`The approval of #${proposal.number} cannot be redeemed.`)
  if (!(await keep(usingUp(ctx, vouched, input.observed))))
    throw new ConflictError(`The approval of #${proposal.number} cannot be redeemed.`)
  return { kind: 'approved', plan: make(vouched) }
}

function usingUp(
  ctx: Context,
  { approval: { decision, proposal } }: Vouched,
  observed: ApprovalBinding['targets'],
): UsingUp {
  const entry = appending(ctx, {
    stage: 'governance',
    action: 'approval.redeem',
    subject: `proposal/${proposal.id}`,
    body: {
      proposalNumber: proposal.number,
      decisionId: decision.id,
      nonce: decision.nonce,
      contentHash: decision.contentHash,
      observed,
    },
  })
  const update = Prisma.sql`
    UPDATE "Decision" SET "usedAt" = ${ctx.clock.now()}::timestamptz
    WHERE "id" = ${decision.id}::uuid AND "usedAt" IS NULL RETURNING "id"`
  return { update, calls: [announcing({ topic: 'decision', id: decision.id }), entry] }
}

async function keepAlone(tx: Tx, { update, calls }: UsingUp): Promise<boolean> {
  return (await tx.$executeRaw`WITH used AS (${update}) SELECT ${Prisma.join([...calls])} FROM used`) === 1
}

/** What the policy engine is asked about before a plan is carried out. */
const dispatchOf = ({ approval: { decision, proposal }, content }: Vouched) => ({
  ...({ proposal, content, decision: 'dispatch', approvers: approversOf(decision) } as const),
  waiver: decision.waiver === null ? null : storedWaiver(decision.waiver),
})

const settledStates = ['verified', 'failed', 'void', 'rolled_back']

/**
 * The plan of an approval that was redeemed before, for a worker that goes on where another died. Why this makes no second
 * effect: `redeem` and the step of the Dispatch row committed together, and the row is unique per decision, so there is
 * one dispatch to go on with; its fencing token shuts the old worker out, its set-point is absolute, and the bound target version is
 * the precondition of the write, which the first effect has changed. `moved`: what stands against the plan by now; a
 * worker that finds the target untouched must then leave it so, because nobody would approve it today. `waits`: what may pass by
 * itself and is all that stands against it: stale telemetry, or a policy engine without a verdict; no reason to take anything away, what
 * was added before included. `halted`: all dispatch is stopped, and this holds until the transaction ends.
 * `again`: a person had it tried again, for which it must still be in time. `way`: the policy engine is asked about what is written
 * forward, and not about what takes it back, which was approved with it.
 * @throws ConflictError if it was never redeemed, has no dispatch, its dispatch is over, or the log does not vouch for it.
 */
export async function resume({
  ctx,
  tx,
  input,
  asked = new Map(),
}: {
  ctx: Context
  tx: Tx
  input: { decisionId: string; again: boolean; way?: 'forward' | 'back' }
  asked?: Asked
}): Promise<{ plan: ApprovedPlan; moved: string[]; waits: string | null; halted: string | null }> {
  authorise(ctx, 'dispatch.run')
  const held = await heldToResume(tx, input.decisionId)
  const { decision, proposal, dispatchState } = held.approval
  if (!decision.usedAt || dispatchState === null) {
    throw new ConflictError(
      `The approval of #${proposal.number} was not redeemed; there is nothing to resume.`,
    )
  }
  if (settledStates.includes(dispatchState)) {
    throw new ConflictError(`The dispatch of #${proposal.number} is ${dispatchState}; it is over.`)
  }
  const dead = whyNotRedeemable(held.approval)
  if (dead !== null) throw new ConflictError(dead)
  const { vouched, forged } = vouchedFor(held, { redeemed: true })
  if (forged !== null) throw new ConflictError(`#${proposal.number} is not carried out: ${forged}.`)
  const { reasons, waits } = await againstResuming(tx, ctx, vouched)
  const over = input.again ? whyOver(ctx, held.approval) : []
  const moved = [...over, ...reasons]
  const { halted, engine } = held
  const plan = make(vouched)
  const telemetry = waits && over.length === 0 ? 'telemetry' : null
  if (input.way === 'back' || moved.length > 0 || halted !== null)
    return { plan, moved, waits: telemetry, halted }
  const matter = { ...dispatchOf(vouched), recentIsEnough: true }
  const refused = await whyEngineRefuses(tx, ctx, asked, { engine, ...matter })
  if (refused === null) return { plan, moved, waits: null, halted }
  return {
    plan,
    moved: [refused.why],
    waits: refused.silent ? 'a verdict of the policy engine' : null,
    halted,
  }
}
