import type { OnRecord } from '../audit/index.ts'
import type { Context } from '../kernel/context.ts'
import { Prisma, type Tx } from '../kernel/db.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import type { Decision, DispatchState, Proposal } from '../kernel/generated/client.ts'
import { type AsJson, type Reading, read, reading, rowOf, together } from '../kernel/reading.ts'
import type { PlanContent, PlanInput } from '../plan/contract.ts'
import { standingNow, whyNotStillApproved } from './approval-rules/still-approved.ts'
import { bindingHash, conditionsIn, movesSince } from './binding.ts'
import { brokenBounds, waitsForTelemetry } from './bounds.ts'
import { conditionsNow, levelsNow, replanNow } from './conditions.ts'
import { type ApprovalBinding, bindingOf } from './contract.ts'
import { passedBy } from './in-flight.ts'
import { recordOf, whyNotInLog } from './in-log.ts'
import { halt } from './kill-switch/switch.ts'
import {
  decisionRow,
  engineStays,
  type Lock,
  limits,
  limitsOf,
  lockInOrder,
  rulesStay,
  switchStays,
  workloads,
} from './locks.ts'
import { type EngineInForce, engineAsked } from './policy-engine/in-force.ts'
import type { World } from './reserved.ts'
import { ruleMoves } from './rule-moves.ts'
import { type RuledTogether, ruledTogether } from './rules/rule-world.ts'
import { storedBinding, storedContent, storedDecision, storedWaiver } from './stored.ts'
import { instant } from './words.ts'
import { worldAround } from './world.ts'

/** The proposal of an approval; what it proposes stands in the decision. */
export type ApprovedProposal = Pick<
  Proposal,
  | 'id'
  | 'number'
  | 'workloadId'
  | 'touchedWorkloadIds'
  | 'touchedTargetIds'
  | 'purpose'
  | 'kind'
  | 'state'
  | 'revision'
  | 'contentHash'
  | 'counterId'
  | 'basedOnId'
  | 'actBy'
  | 'expiresAt'
>

export type ApprovalUnderLock = {
  decision: Decision
  proposal: ApprovedProposal
  /** Of its dispatch; null before there is one. */
  dispatchState: DispatchState | null
  /** Number of the newest decision on the proposal: a later one takes an approval's force. */
  newestNumber: number
}

type StoredApproval = Pick<ApprovalUnderLock, 'dispatchState' | 'newestNumber'> & {
  decision: AsJson<Decision>
  proposal: AsJson<ApprovedProposal>
}

function approvalOf(decisionId: string): Reading<ApprovalUnderLock | null> {
  const query = Prisma.sql`
    SELECT json_build_object(
      'decision', to_json(d),
      'proposal', json_build_object('id', p."id", 'number', p."number", 'workloadId', p."workloadId",
        'touchedWorkloadIds', p."touchedWorkloadIds", 'touchedTargetIds', p."touchedTargetIds",
        'purpose', p."purpose", 'kind', p."kind", 'state', p."state", 'revision', p."revision",
        'contentHash', p."contentHash", 'counterId', p."counterId", 'basedOnId', p."basedOnId", 'actBy', p."actBy",
        'expiresAt', p."expiresAt"),
      'dispatchState', (SELECT x."state" FROM "Dispatch" x WHERE x."decisionId" = d."id"),
      'newestNumber', (SELECT max(n."number") FROM "Decision" n WHERE n."proposalId" = p."id"))
    FROM "Decision" d JOIN "Proposal" p ON p."id" = d."proposalId" WHERE d."id" = ${decisionId}::uuid`
  return reading(query, (stored: StoredApproval | null) =>
    stored === null
      ? null
      : {
          ...stored,
          decision: storedDecision(stored.decision),
          proposal: rowOf<ApprovedProposal>(stored.proposal, { actBy: true, expiresAt: true }),
        },
  )
}

const touchedBy = (decisionId: string) => Prisma.sql`(
  SELECT p."touchedWorkloadIds" FROM "Decision" d JOIN "Proposal" p ON p."id" = d."proposalId"
  WHERE d."id" = ${decisionId}::uuid)::uuid[]`

async function lockApproval(tx: Tx, decisionId: string, further: readonly Lock[] = []): Promise<void> {
  await lockInOrder(tx, [workloads(touchedBy(decisionId)), decisionRow(decisionId), ...further])
}

/** A decision and its proposal, both locked until the transaction ends. @throws NotFoundError */
export async function lockedApproval(tx: Tx, decisionId: string): Promise<ApprovalUnderLock> {
  await lockApproval(tx, decisionId)
  return found(decisionId, await read(tx, approvalOf(decisionId)))
}

function found(decisionId: string, approval: ApprovalUnderLock | null): ApprovalUnderLock {
  if (approval === null) throw new NotFoundError('decision', decisionId)
  return approval
}

/** Why a decision gives no right to act at all, whatever the world looks like; null if it does. */
export function whyNotRedeemable({ decision, proposal, newestNumber }: ApprovalUnderLock): string | null {
  if (decision.kind !== 'approve' && decision.kind !== 'override') {
    return `Decision ${decision.number} on #${proposal.number} is no approval but "${decision.kind}".`
  }
  if (proposal.state !== 'approved') return `#${proposal.number} is ${proposal.state}, not approved.`
  if (newestNumber !== decision.number) {
    return `Decision ${decision.number} on #${proposal.number} was followed by another one.`
  }
  return null
}

/** That the time is over in which it was to be carried out; empty while it is not. */
export function whyOver(
  { clock }: Context,
  { decision, proposal }: Pick<ApprovalUnderLock, 'decision' | 'proposal'>,
): string[] {
  const over = decision.notAfter ?? proposal.expiresAt
  const what = decision.notAfter ? 'its window was over' : 'it expired'
  return over <= clock.now() ? [`it was not carried out before ${what} at ${instant(over)}`] : []
}

/**
 * The world with what the plan writes at the levels that it was approved at, which the bound versions stand for: its
 * set-points, and the peak on the way to them, are judged from there, whatever of it stands by now.
 */
function asApproved({ own, others, reserved }: World, { actions }: ApprovalBinding): World {
  const from = new Map(actions.map(({ targetId, fromReplicas }) => [targetId, fromReplicas]))
  const at = <P extends PlanInput['capacity']>(pool: P): P => ({
    ...pool,
    desiredReplicas: from.get(pool.targetId) ?? pool.desiredReplicas,
  })
  const seen = (input: PlanInput): PlanInput => ({
    ...input,
    capacity: at(input.capacity),
    otherPools: input.otherPools.map(at),
  })
  return { own: seen(own), others: others.map(seen), reserved }
}

/** An approval that is to be carried out, under every lock that is needed before it is known what it takes part in. */
export type Held = {
  approval: ApprovalUnderLock
  record: OnRecord
  ruled: RuledTogether
}

/** The approval of a decision, to be redeemed. Nobody publishes rules meanwhile. @throws NotFoundError */
export async function heldToRedeem(tx: Tx, decisionId: string): Promise<Held> {
  await lockApproval(tx, decisionId, [rulesStay])
  const { approval, ...held } = await read(tx, together(heldReadings(decisionId)))
  return { approval: found(decisionId, approval), ...held }
}

/** The same of one that was redeemed: nothing is reserved any more, and what may stop it is held at once. @throws NotFoundError */
export async function heldToResume(tx: Tx, decisionId: string): Promise<Held & Stops> {
  await lockApproval(tx, decisionId, [switchStays, engineStays])
  const { approval, ...held } = await read(tx, together({ ...heldReadings(decisionId), ...stops }))
  return { approval: found(decisionId, approval), ...held }
}

const heldReadings = (decisionId: string) => ({
  approval: approvalOf(decisionId),
  record: recordOf(decisionId),
  ruled: ruledTogether(touchedBy(decisionId)),
})

/** What may stop a plan from being carried out whatever it is: all dispatch, and the policy engine. Both stay until the transaction ends. */
export type Stops = { halted: string | null; engine: EngineInForce | null }
const stops = { halted: halt, engine: engineAsked }

/** An approval with what it binds, which its hash and the log vouch for. */
export type Vouched = Held & { binding: ApprovalBinding; content: PlanContent }

/** The stored plan of an approval, and why it is no approval at all, in words; null if its hash and the log vouch for it. */
export function vouchedFor(
  { approval, ...held }: Held,
  { redeemed }: { redeemed: boolean },
): { vouched: Vouched; forged: string | null } {
  const { decision, proposal } = approval
  const content = storedContent(decision.sent ?? decision.seen)
  const binding = storedBinding(decision.binding)
  const ofContent = bindingHash(bindingOf(proposal.id, content))
  const forged =
    bindingHash(binding) !== decision.contentHash || ofContent !== decision.contentHash
      ? `the stored plan of decision ${decision.number} is not the one that was approved`
      : whyNotInLog(held.record, decision, { redeemed })
  return { vouched: { approval, ...held, binding, content }, forged }
}

/** What stands against a plan. `waits`: nothing but telemetry that is too old. */
type Against = { reasons: string[]; waits: boolean }

/**
 * What stands against redeeming an approval now: its time, who gave it, anything bound that moved, bounds of the policy in force. Under
 * every lock, with whatever shares a limit with it, and in one look at all of it. `observed`: the versions of its targets.
 */
export async function againstRedeeming(
  tx: Tx,
  ctx: Context,
  { approval, ruled, binding, content }: Vouched,
  observed: ApprovalBinding['targets'],
): Promise<Against & Stops> {
  const { decision, proposal } = approval
  await lockInOrder(tx, [limits(limitsOf(content, ruled, proposal)), switchStays, engineStays])
  // What was approved later and is not redeemed was judged beside this one, and waits for it.
  const ours = { proposalId: proposal.id, before: decision.number }
  const around = worldAround(ctx, proposal.workloadId, content, { ours, ruled })
  const standing = together(standingNow(decision, proposal, content))
  const passed = passedBy(decision, proposal, ctx.clock.now())
  const now = await read(tx, together({ moment: around.moment, standing, passed, ...stops }))
  const reasons = [
    ...whyOver(ctx, approval),
    ...whyPassed(now.passed),
    ...(await whyNotStillApproved(tx, ctx, approval, content, now.standing)),
  ]
  const world = () => around.world(tx, now.moment)
  const against = await againstPlan({ approval, binding, content }, world, observed)
  const all = [...reasons, ...against.reasons]
  return {
    reasons: all,
    waits: against.waits && reasons.length === 0,
    halted: now.halted,
    engine: now.engine,
  }
}

/**
 * What stands by now against a plan that was redeemed before. Its target may carry our own effect by now, so the version of that is not
 * compared, and it was approved before everybody else.
 */
export async function againstResuming(
  tx: Tx,
  ctx: Context,
  { approval, ruled, binding, content }: Vouched,
): Promise<Against> {
  const { id, workloadId } = approval.proposal
  const around = worldAround(ctx, workloadId, content, { ours: { proposalId: id, before: 0 }, ruled })
  const world = async () => around.world(tx, await read(tx, around.moment))
  return againstPlan({ approval, binding, content }, world, binding.targets)
}

/** Of two that were approved on the same version only the newest is written. */
function whyPassed(proposalNumber: number | null): string[] {
  return proposalNumber === null
    ? []
    : [`#${proposalNumber} was approved later for the same target and goes first`]
}

async function againstPlan(
  { approval: { decision, proposal }, binding, content }: Pick<Vouched, 'approval' | 'binding' | 'content'>,
  worldNow: () => Promise<World>,
  targets: ApprovalBinding['targets'],
): Promise<Against> {
  try {
    const world = await worldNow()
    const now = conditionsNow(world, proposal.id, content)
    const waiver = decision.waiver === null ? null : storedWaiver(decision.waiver)
    const fresh = replanNow(asApproved(world, binding), content)
    const moved = [
      ...movesSince(conditionsIn(binding), { ...now, targets }, levelsNow(world, content)),
      ...ruleMoves(content, fresh),
    ]
    const waits = moved.length === 0 && waitsForTelemetry(fresh, waiver)
    return { reasons: [...moved, ...brokenBounds(fresh, waiver)], waits }
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    return { reasons: [error.message], waits: false }
  }
}
