import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { ConflictError, ForbiddenError, InvalidInputError } from '../../kernel/errors.ts'
import type { Decision, Proposal } from '../../kernel/generated/client.ts'
import type { PlanContent } from '../../plan/contract.ts'
import { openGlassOf } from '../break-glass/open-glass.ts'
import type { ApprovalRecord, RunWindow, Waiver } from '../contract.ts'
import { recordDecision } from '../record-decision.ts'
import { storedContent, storedDifference } from '../stored.ts'
import { instant, whoIs } from '../words.ts'
import type { ApprovalGiven } from './contract.ts'
import { narrowest, type PersonNow, type Span, spanOf } from './given.ts'
import { requireLevel } from './require-level.ts'
import { isMet, standingOf } from './satisfied.ts'
import { type Ask, whyNot } from './standing.ts'

export type Yes = {
  /** What is approved: the content of the proposal as it is. */
  content: PlanContent
  reason: string | null
  waiver: Waiver | null
  window?: RunWindow | undefined
}

/** What is known when a yes is given: who gives it, null where a rule does, and what it depends on. */
type Known = { mine: PersonNow | null; ask: Ask }

/**
 * One yes to a proposal as it is. Where with it all that the rules of approval ask for is given, the proposal is approved:
 * content bound, one-time nonce made, job sent. Otherwise it is kept, and the proposal goes on waiting for the others.
 * @throws ForbiddenError for who wrote what is to be approved, ConflictError for who said yes before, InvalidInputError
 *   for a window that is over, or does not meet those of the others.
 */
export async function giveApproval(
  tx: Tx,
  ctx: Context,
  proposal: Proposal,
  yes: Yes,
  { mine, ask }: Known,
): Promise<Decision> {
  await requireLevel(tx, ctx, proposal, yes.content, ask)
  if (mine !== null) refuseTwice(ask, mine.userId)
  const now = ctx.clock.now()
  const span = spanOfAll(yes.window, ask)
  requireSpan(span, now)
  const id = ctx.ids.uuid()
  const given = mine === null ? [] : [...ask.given, { ...mine, ...selfOf(ctx, now), decisionId: id }]
  // A rule decides where nobody has to be asked.
  const asked = mine === null ? [] : ask.clauses
  const clauses = standingOf(asked, given, ask.authorId === null ? [] : [ask.authorId])
  // Only who is signed in does it under broken glass: a key of theirs does not.
  const person = ctx.actor.kind === 'user' ? mine : null
  const glass = isMet(clauses) || person === null ? null : await openGlassOf(tx, person.userId, now)
  const common = { id, reason: yes.reason, waiver: yes.waiver, groups: mine?.groups ?? [] }
  if (mine !== null && !isMet(clauses) && glass === null) {
    return recordDecision(tx, ctx, proposal, {
      ...common,
      event: 'endorse',
      seen: yes.content,
      ...spanOf(yes.window),
    })
  }
  const record: ApprovalRecord = { policyVersion: ask.policy.version, clauses, given }
  const holdEnds = new Date(now.getTime() + ask.policy.holdSeconds * 1_000)
  const notBefore = span.notBefore !== null && span.notBefore > holdEnds ? span.notBefore : holdEnds
  const approval = { record, notBefore, notAfter: span.notAfter, breakGlassId: glass?.id ?? null }
  return recordDecision(tx, ctx, proposal, {
    ...common,
    ...asSent(ask, yes),
    approval,
  })
}

/** The span that lies in the windows of all who said yes, of the counter-proposal, and in this one. */
export function spanOfAll(window: RunWindow | undefined, { endorsements, counter }: Ask): Span {
  return narrowest([spanOf(window), ...endorsements, ...(counter === null ? [] : [counter])])
}

/** A counter-proposal is approved as an override: what was proposed, what is sent instead, and the difference are kept. */
function asSent({ counter }: Ask, { content, reason }: Yes) {
  if (counter === null) return { event: 'approve', seen: content, change: { voidReason: null } } as const
  return {
    event: 'override',
    // Where the approver says nothing, the counter-proposal says why.
    reason: reason ?? counter.reason,
    seen: storedContent(counter.seen),
    sent: content,
    ...(counter.difference === null ? {} : { difference: storedDifference(counter.difference) }),
    change: { voidReason: null },
  } as const
}

function refuseTwice(ask: Ask, userId: string): void {
  const why = whyNot(ask, userId)
  if (why === null) return
  if (userId === ask.authorId) throw new ForbiddenError(`Nobody approves their own override. ${why}`)
  throw new ConflictError(`Nobody approves twice. ${why}`)
}

function selfOf({ actor }: Context, now: Date): Pick<ApprovalGiven, 'who' | 'roles' | 'at'> {
  const roles = 'roles' in actor ? [...actor.roles] : []
  return { who: whoIs(actor), roles, at: now.toISOString() }
}

function requireSpan(
  { notBefore, notAfter }: { notBefore: Date | null; notAfter: Date | null },
  now: Date,
): void {
  if (notAfter === null) return
  const wrong = (message: string) =>
    new InvalidInputError(message, [
      { path: 'window.notAfter', message: 'is too early', expected: 'a later time' },
    ])
  if (notAfter <= now) throw wrong(`The window is over: it ended at ${instant(notAfter)}.`)
  if (notBefore !== null && notBefore >= notAfter)
    throw wrong(
      `The windows of the approvers do not meet: not before ${instant(notBefore)}, not after ${instant(notAfter)}.`,
    )
}
