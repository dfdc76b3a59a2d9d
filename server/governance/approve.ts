import { authorise, type Context, type Verb } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import type { Decision } from '../kernel/generated/client.ts'
import { parseInput } from '../kernel/parse.ts'
import { read, together } from '../kernel/reading.ts'
import { giveApproval, spanOfAll } from './approval-rules/give-approval.ts'
import { approver, waivedBy } from './approval-rules/given.ts'
import { ask } from './approval-rules/standing.ts'
import { conditionsIn, movesSince } from './binding.ts'
import { requireAllowed } from './bounds.ts'
import { conditionsNow, levelsNow, replanNow } from './conditions.ts'
import { type ApproveInput, approveInput, bindingOf, type DecisionDetail } from './contract.ts'
import { getDecision } from './get-decision.ts'
import { inFlightWith, refuseWhileInFlight } from './in-flight.ts'
import { asOf } from './later.ts'
import { engineStays, limits, limitsOf, lockInOrder, rulesStay } from './locks.ts'
import { notOurs } from './not-ours.ts'
import { openProposal } from './open-proposal.ts'
import { approversNow } from './policy-engine/approvers.ts'
import { engineAsked } from './policy-engine/in-force.ts'
import { type Asked, judgedByEngine, transactAsked } from './policy-engine/leave.ts'
import { ruleMoves } from './rule-moves.ts'
import { ruledTogether } from './rules/rule-world.ts'
import { storedContent } from './stored.ts'
import { voidApproval } from './void-approval.ts'
import { worldAround } from './world.ts'

/**
 * Says yes to exactly what the person saw. Where the rules of approval ask for more people the decision is of kind `endorse`, and
 * the proposal goes on waiting; the last one needed approves it: decision, log entry and dispatch job commit together.
 * @throws ForbiddenError for one's own counter-proposal, ConflictError for a second yes of one person.
 * @throws ConflictError if somebody was first or the proposal changed; also if the policy, the target or a price moved
 *   since the plan: that approval is kept as void, and the proposal stays in the inbox with the reason.
 * @throws InvalidInputError if the plan breaks a bound or a rule now, or the policy engine denies it, naming it; ForbiddenError for who
 *   may not waive it; UnavailableError while the policy engine gives no verdict.
 */
export async function approve({ ctx, input }: Verb<ApproveInput>): Promise<DecisionDetail> {
  authorise(ctx, 'proposal.decide')
  const seen = parseInput(approveInput, input, 'approval')
  const outcome = await transactAsked(ctx, (tx, asked) => approveIn(tx, ctx, seen, asked))
  // Thrown after the commit: the void approval and its log entry are kept.
  if ('void' in outcome)
    throw new ConflictError(`${outcome.void} It is back in the inbox with the numbers of now.`)
  return getDecision({ ctx, input: { id: outcome.decision.id } })
}

/** The same in the caller's transaction, for people and for rules that decide by themselves. `void`: what moved, in words; that is to be kept. */
export async function approveIn(
  tx: Tx,
  ctx: Context,
  seen: ApproveInput,
  asked: Asked,
): Promise<{ decision: Decision } | { void: string }> {
  authorise(ctx, 'proposal.decide')
  const proposal = await openProposal(tx, ctx, seen, [rulesStay])
  const content = storedContent(proposal.content)
  const now = ctx.clock.now()
  const { inFlight, others, ruled, ...known } = await read(
    tx,
    together({
      inFlight: inFlightWith(proposal, now),
      others: notOurs(proposal),
      ruled: ruledTogether(proposal.touchedWorkloadIds),
      mine: approver(ctx.actor),
      ask: ask(proposal, content),
    }),
  )
  refuseWhileInFlight(inFlight)
  if (others !== null) throw new ConflictError(others)
  await lockInOrder(tx, [limits(limitsOf(content, ruled, proposal)), engineStays])
  const around = worldAround(ctx, proposal.workloadId, content, { ruled })
  const { moment, engine } = await read(tx, together({ moment: around.moment, engine: engineAsked }))
  const world = await around.world(tx, moment)
  const bound = conditionsIn(bindingOf(proposal.id, content))
  // What is to run later is judged as of then; when it runs all is looked at once more.
  const { notBefore } = spanOfAll(seen.window, known.ask)
  const later = notBefore !== null && notBefore > now
  const fresh = replanNow(later ? asOf(world, notBefore.toISOString()) : world, content)
  const moves = [
    ...movesSince(bound, conditionsNow(world, proposal.id, content), levelsNow(world, content)),
    ...ruleMoves(content, fresh),
  ]
  if (moves.length > 0) return { void: (await voidApproval(tx, ctx, proposal, moves)).reason }
  const { endorsements } = known.ask
  const before = waivedBy(endorsements)
  // What is refused anyway need not be asked about.
  requireAllowed(ctx, fresh, seen.waiver, before)
  const decision = proposal.counterId === null ? 'approve' : 'override'
  const approvers = approversNow(ctx.actor, known.mine, endorsements)
  const matter = { proposal, content, decision, approvers, judged: fresh } as const
  const judged = await judgedByEngine(tx, ctx, asked, { engine, ...matter })
  const waiver = requireAllowed(ctx, judged, seen.waiver, before)
  const { note, window } = seen
  const yes = { content, reason: note || null, waiver, window }
  return { decision: await giveApproval(tx, ctx, proposal, yes, known) }
}
