import { actorUserId, authorise, type Context, type Verb } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import type { Proposal } from '../kernel/generated/client.ts'
import { parseInput } from '../kernel/parse.ts'
import { read } from '../kernel/reading.ts'
import { controlOf, type PlanContent, unitOf } from '../plan/contract.ts'
import { factsOf } from './approval-rules/facts.ts'
import { approver, spanOf } from './approval-rules/given.ts'
import { clausesOf } from './approval-rules/match.ts'
import { decidersNow, outOfReach } from './approval-rules/out-of-reach.ts'
import { approvalPolicyInForce } from './approval-rules/stored-policy.ts'
import { bindingHash } from './binding.ts'
import { requireAllowed } from './bounds.ts'
import { contentColumns } from './content-columns.ts'
import {
  bindingOf,
  type DecisionDetail,
  type Difference,
  type OverrideInput,
  type OverridePreview,
  overrideInput,
  type PreviewOverrideInput,
  previewOverrideInput,
} from './contract.ts'
import { type CounterChoice, counterPlan, refuseTaken } from './counter-plan.ts'
import { getDecision } from './get-decision.ts'
import { inFlightWith, refuseWhileInFlight } from './in-flight.ts'
import { decidedConflict, openProposal } from './open-proposal.ts'
import { approversNow } from './policy-engine/approvers.ts'
import { heldEngine } from './policy-engine/in-force.ts'
import { judgedByEngine, transactAsked } from './policy-engine/leave.ts'
import { reachOf } from './propose.ts'
import { recordDecision } from './record-decision.ts'
import { storedContent } from './stored.ts'

/**
 * The proposal with other set-points, everything recomputed against policy, capacity and prices of now; changes nothing.
 * A plan that policy forbids is shown with what it breaks, not refused.
 */
export async function previewOverride({ ctx, input }: Verb<PreviewOverrideInput>): Promise<OverridePreview> {
  authorise(ctx, 'proposal.decide')
  const { proposalId, ...chosen } = parseInput(previewOverrideInput, input, 'override')
  // Reads without a lock: a person who types must not wait for others, and the hash guards what is sent.
  const proposal = await ctx.db.proposal.findUnique({ where: { id: proposalId } })
  if (!proposal) throw new NotFoundError('proposal', proposalId)
  if (proposal.state !== 'waiting') throw await decidedConflict(ctx.db, proposal)
  const shown = await preview(ctx.db, ctx, proposal, chosen)
  const { approvals } = await approvalPolicyInForce(ctx.db)
  const clauses = clausesOf(approvals, {
    ...(await factsOf(ctx.db, proposal, shown.content)),
    origin: 'override',
  })
  const deciders = await decidersNow(ctx.db)
  const authorId = actorUserId(ctx.actor)
  return { ...shown, outOfReach: outOfReach(clauses, { given: [], deciders, authorId }) }
}

/**
 * Puts other set-points than those proposed before somebody else, with a reason: nobody approves their own override. What was
 * proposed and the difference are kept; yeses to what was proposed are void. Bound to what the preview showed.
 * @throws ConflictError if somebody was first, or a fresh preview is not the one that the person saw.
 * @throws InvalidInputError if policy forbids it, naming the bound, or a set-point is of no action of the proposal.
 */
export async function override({ ctx, input }: Verb<OverrideInput>): Promise<DecisionDetail> {
  authorise(ctx, 'proposal.decide')
  const request = parseInput(overrideInput, input, 'override')
  const decision = await transactAsked(ctx, async (tx, asked) => {
    const proposal = await openProposal(tx, ctx, request)
    refuseWhileInFlight(await read(tx, inFlightWith(proposal, ctx.clock.now())))
    const fresh = await preview(tx, ctx, proposal, request)
    if (fresh.contentHash !== request.previewHash) {
      throw new ConflictError(
        'The policy, the target or a price moved since the preview. Look at the new numbers before you send it.',
        [{ path: 'previewHash', message: 'is of another preview', expected: fresh.contentHash }],
      )
    }
    await refuseTaken(tx, proposal, fresh.content)
    const { content, difference } = fresh
    requireAllowed(ctx, content, request.waiver)
    const mine = await read(tx, approver(ctx.actor))
    const approvers = approversNow(ctx.actor, mine)
    const judged = await judgedByEngine(tx, ctx, asked, {
      engine: await heldEngine(tx),
      proposal,
      content,
      decision: 'counter',
      approvers,
      judged: content,
    })
    const waiver = requireAllowed(ctx, judged, request.waiver)
    const id = ctx.ids.uuid()
    return recordDecision(tx, ctx, proposal, {
      id,
      event: 'counter',
      reason: request.reason,
      seen: await proposedOf(tx, proposal),
      sent: content,
      difference,
      waiver,
      groups: mine?.groups ?? [],
      ...spanOf(request.window),
      change: {
        ...contentColumns(proposal.id, content),
        ...reachOf(proposal.workloadId, content),
        counterId: id,
        voidReason: null,
      },
    })
  })
  return getDecision({ ctx, input: { id: decision.id } })
}

/** What the planner proposed, also where a counter-proposal stands in its place by now. */
export async function proposedOf(tx: Tx, { content, counterId }: Proposal): Promise<PlanContent> {
  if (counterId === null) return storedContent(content)
  return storedContent((await tx.decision.findUniqueOrThrow({ where: { id: counterId } })).seen)
}

async function preview(
  tx: Tx,
  ctx: Context,
  proposal: Proposal,
  chosen: CounterChoice,
): Promise<Omit<OverridePreview, 'outOfReach'>> {
  const proposed = await proposedOf(tx, proposal)
  const { content, riskUntilStart } = await counterPlan(tx, ctx, proposal, proposed, chosen)
  return {
    content,
    contentHash: bindingHash(bindingOf(proposal.id, content)),
    difference: differenceOf(proposed, content),
    riskUntilStart,
  }
}

function differenceOf(proposed: PlanContent, sent: PlanContent): Difference {
  const targets = (content: PlanContent) => content.actions.map(({ targetId }) => targetId)
  const elsewhere = sent.actions.filter(({ targetId }) => !targets(proposed).includes(targetId))
  const moved = proposed.actions.length > 0 && elsewhere.length > 0
  const single = proposed.actions.length <= 1 && proposed.purpose === undefined && !moved
  const setPoints = single
    ? [{ field: 'Replicas', unit: 'replicas', of: ({ effect }: PlanContent) => effect.replicas }]
    : [...proposed.actions, ...(moved ? elsewhere : [])].map(
        ({ targetId, targetName, kind, fromReplicas }) => ({
          field: targetName,
          unit: unitOf[controlOf[kind]],
          // One that was set back to what stands is no action any more.
          of: ({ actions }: PlanContent) =>
            actions.find((action) => action.targetId === targetId)?.toReplicas ?? fromReplicas,
        }),
      )
  const ends = proposed.actions
    .filter(({ kind }) => kind === 'cancel')
    .map(({ targetId, targetName }) => ({
      field: `${targetName} ends for good`,
      unit: 'yes or no',
      of: ({ actions }: PlanContent) =>
        Number(actions.some((action) => action.targetId === targetId && action.kind === 'cancel')),
    }))
  const fields: { field: string; unit: string; of: (content: PlanContent) => number }[] = [
    ...setPoints,
    ...ends,
    { field: 'Cost', unit: '$/h', of: ({ effect }) => effect.costPerHourUsd },
    { field: 'Cost change', unit: '$/h', of: ({ effect }) => effect.costChangePerHourUsd },
    { field: 'Risk after', unit: 'probability', of: ({ effect }) => effect.sloRiskAfter },
    { field: 'Carbon change', unit: 'g/h', of: ({ effect }) => effect.carbonChangeGPerHour },
  ]
  return fields
    .map(({ field, unit, of }) => ({ field, proposed: of(proposed), sent: of(sent), unit }))
    .filter((row) => row.proposed !== row.sent)
}
