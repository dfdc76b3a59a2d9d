import { authorise, type Context, type Verb } from '../kernel/context.ts'
import type { Prisma, Tx } from '../kernel/db.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import type { Proposal } from '../kernel/generated/client.ts'
import { parseInput } from '../kernel/parse.ts'
import { read } from '../kernel/reading.ts'
import { controlOf, type Direction, isSaga, type PlanContent, unitOf } from '../plan/contract.ts'
import { composeSaga, inverse, replan } from '../plan/index.ts'
import { giveApproval } from './approval-rules/give-approval.ts'
import { approver } from './approval-rules/given.ts'
import { ask } from './approval-rules/standing.ts'
import { requireAllowed } from './bounds.ts'
import { ledBy } from './conditions.ts'
import {
  type PreviewRollbackInput,
  type ProposalDetail,
  previewRollbackInput,
  type RollbackInput,
  rollbackInput,
} from './contract.ts'
import { getProposal } from './get-proposal.ts'
import { approvalInFlight } from './in-flight.ts'
import { limits, limitsOf, lockInOrder, rulesStay } from './locks.ts'
import { lockedProposal } from './open-proposal.ts'
import { approversNow } from './policy-engine/approvers.ts'
import { heldEngine } from './policy-engine/in-force.ts'
import { judgedByEngine, transactAsked } from './policy-engine/leave.ts'
import { createProposal, inTheWay, reachOf, supersede } from './propose.ts'
import { ruledTogether } from './rules/rule-world.ts'
import { storedContent } from './stored.ts'
import { worldNow } from './world.ts'

/**
 * Takes back what an applied proposal did: a new proposal of kind rollback to the levels before it, bound to the target as
 * it is now, and approved by the same person in the same transaction. A proposal that waits meanwhile is superseded.
 * Of one that failed half-way it takes back what stands.
 * @throws ConflictError unless the proposal was applied, is the last change of every workload that it touches, has a way
 *   back, and nothing else is on its way.
 * @throws InvalidInputError if policy forbids it, naming the bound.
 */
export async function rollback({ ctx, input }: Verb<RollbackInput>): Promise<ProposalDetail> {
  authorise(ctx, 'proposal.decide')
  const { proposalId, reason, waiver } = parseInput(rollbackInput, input, 'rollback')
  // Known before the policy engine is asked, which is asked about exactly what is made afterwards.
  const id = ctx.ids.uuid()
  await transactAsked(ctx, async (tx, asked) => {
    const base = await lockedProposal(tx, proposalId)
    const applied = await appliedPlan(tx, ctx, base)
    await lockInOrder(tx, [rulesStay])
    const ruled = await read(tx, ruledTogether(base.touchedWorkloadIds))
    await lockInOrder(tx, [limits(limitsOf(applied.plan, ruled, base))])
    const plan = await inversePlan(tx, ctx, base, applied)
    requireAllowed(ctx, plan, waiver)
    const why = `A person asked to take back #${base.number}: ${reason}`
    const content = { ...plan, reasons: [why, ...plan.reasons] }
    const mine = await read(tx, approver(ctx.actor))
    const approvers = approversNow(ctx.actor, mine)
    const { workloadId } = base
    const wished = {
      id,
      workloadId,
      kind: 'rollback',
      number: null,
      counterId: null,
      basedOnId: base.id,
    } as const
    const judged = await judgedByEngine(tx, ctx, asked, {
      engine: await heldEngine(tx),
      proposal: wished,
      content,
      decision: 'rollback',
      approvers,
      judged: plan,
    })
    const allowed = requireAllowed(ctx, judged, waiver)
    const waiting = await inTheWay(tx, base.workloadId, reachOf(base.workloadId, content))
    const created = await createProposal(tx, ctx, {
      id,
      workloadId: base.workloadId,
      forecastId: null,
      content,
      rollbackOfId: base.id,
    })
    for (const other of waiting) await supersede(tx, ctx, other, created, `rolls back #${base.number}`)
    const known = { mine, ask: await read(tx, ask(created, content)) }
    await giveApproval(tx, ctx, created, { content, reason, waiver: allowed }, known)
  })
  return getProposal({ ctx, input: { id } })
}

/**
 * What rolling back would do now, policy included; changes nothing. What policy forbids is shown with what it breaks.
 * @throws ConflictError as `rollback` does.
 */
export async function previewRollback({ ctx, input }: Verb<PreviewRollbackInput>): Promise<PlanContent> {
  authorise(ctx, 'proposal.decide')
  const { proposalId } = parseInput(previewRollbackInput, input, 'rollback')
  const base = await ctx.db.proposal.findUnique({ where: { id: proposalId } })
  if (!base) throw new NotFoundError('proposal', proposalId)
  return inversePlan(ctx.db, ctx, base, await appliedPlan(ctx.db, ctx, base))
}

/** What was carried out, and the targets at which it still stands. */
type Applied = { plan: PlanContent; standing: Set<string> }

const standingAction = { appliedAt: { not: null }, takenBackAt: null } as const
/** A dispatch that changed something which stands: also one that failed half-way. */
const changedSomething = {
  OR: [
    { state: { in: ['applied', 'verified'] } },
    { state: { in: ['failed', 'rolled_back'] }, actions: { some: standingAction } },
  ],
} satisfies Prisma.DispatchWhereInput

/** The plan that was carried out for a proposal. */
async function appliedPlan(tx: Tx, ctx: Context, base: Proposal): Promise<Applied> {
  const inFlight = await approvalInFlight(tx, ctx, base)
  if (inFlight) {
    throw new ConflictError(`#${inFlight.proposalNumber} is being carried out; roll back when that is done.`)
  }
  const last = await tx.decision.findFirst({
    where: {
      proposal: { touchedWorkloadIds: { hasSome: base.touchedWorkloadIds } },
      dispatch: changedSomething,
    },
    orderBy: { number: 'desc' },
    include: {
      proposal: { select: { number: true } },
      dispatch: { include: { actions: { where: standingAction } } },
    },
  })
  if (last?.proposalId === base.id) {
    const plan = storedContent(last.sent ?? last.seen)
    return { plan, standing: new Set(last.dispatch?.actions.map(({ targetId }) => targetId)) }
  }
  const own = await tx.decision.count({ where: { proposalId: base.id, dispatch: changedSomething } })
  if (own === 0 || !last)
    throw new ConflictError(`#${base.number} was not applied; there is nothing to roll back.`)
  throw new ConflictError(
    `#${last.proposal.number} changed the workload after #${base.number}; roll that back first.`,
  )
}

async function inversePlan(
  tx: Tx,
  ctx: Context,
  base: Proposal,
  { plan, standing }: Applied,
): Promise<PlanContent> {
  if (isSaga(plan)) return inverseSaga(tx, ctx, base, plan, standing)
  const back = inverse(plan.actions)?.[0]
  if (!back) throw new ConflictError(`#${base.number} changed nothing; there is nothing to roll back.`)
  const { own } = await worldNow(tx, ctx, base.workloadId, plan, { forecast: 'newest' })
  const input = ledBy(own, back.targetId)
  if (!input)
    throw new ConflictError(`#${base.number} changed ${back.targetName}, which the workload has no more.`)
  const content = replan(input, back.toReplicas)
  const from = content.evidence.capacity.desiredReplicas
  return {
    ...content,
    summary: `Roll back #${base.number}: ${back.targetName} from ${from} to ${back.toReplicas} replicas`,
  }
}

const turned: Record<Direction, Direction> = { up: 'down', down: 'up', move: 'move', stop: 'up' }

/** The inverse that was computed with the plan, of what stands of it, judged as of now. */
async function inverseSaga(
  tx: Tx,
  ctx: Context,
  base: Proposal,
  plan: PlanContent,
  standing: Set<string>,
): Promise<PlanContent> {
  if (!plan.inverse) {
    const ended = plan.actions.find(({ kind }) => kind === 'cancel')?.targetName
    const why = ended ? `it ended "${ended}" for good` : 'the plan has no way back'
    throw new ConflictError(`#${base.number} cannot be rolled back: ${why}.`)
  }
  const actions = plan.inverse.filter(({ targetId }) => standing.has(targetId))
  const world = await worldNow(tx, ctx, base.workloadId, { ...plan, actions })
  const { approvalLeadSeconds } = world.own.policy
  const patienceMs = Math.max(approvalLeadSeconds, world.own.workload.stepSeconds) * 1_000
  const after = (ms: number) => new Date(ctx.clock.now().getTime() + ms).toISOString()
  const words = actions.map(({ targetName, kind, toReplicas }) => {
    return `${targetName} to ${toReplicas} ${unitOf[controlOf[kind]]}`
  })
  return composeSaga(world, {
    purpose: plan.purpose ?? 'capacity',
    direction: turned[plan.direction],
    actions,
    summary: `Roll back #${base.number}: ${words.join(', ')}`,
    reasons: [],
    actBy: after(patienceMs),
    expiresAt: after(2 * patienceMs),
  })
}
