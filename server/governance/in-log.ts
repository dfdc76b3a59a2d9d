import { isDeepStrictEqual } from 'node:util'
import { contentHashOf, type OnRecord, onRecord, type Recorded, whyNotLinked } from '../audit/index.ts'
import { Prisma } from '../kernel/db.ts'
import type { Decision } from '../kernel/generated/client.ts'
import type { Reading } from '../kernel/reading.ts'
import { storedContent } from './stored.ts'

/** What the log holds of approvals of the proposal of a decision. */
export function recordOf(decisionId: string): Reading<OnRecord> {
  return onRecord({
    subject: Prisma.sql`(
      SELECT 'proposal/' || d."proposalId" FROM "Decision" d WHERE d."id" = ${decisionId}::uuid)`,
    actions: ['proposal.approve', 'proposal.override', 'approval.redeem'],
  })
}

/**
 * Why the log does not vouch for an approval, in words; null if it does: its entry says the same of who, what, by which nonce, when
 * and under what, and stands in the chain. A row that somebody put into the database has no such entry. `redeemed`: the log must say that
 * it was redeemed too.
 */
export function whyNotInLog(
  record: OnRecord,
  decision: Decision,
  { redeemed }: { redeemed: boolean },
): string | null {
  const { id, number, kind } = decision
  const own = record.entries.filter(({ body }) => body.decisionId === id)
  const made = own.find(({ entry }) => entry.action === `proposal.${kind}`)
  if (made === undefined) return `the log knows nothing of decision ${number}`
  const other = differing(decision, made)
  if (other !== null) return `the log says another ${other} of decision ${number} than the database`
  const used = own.find(({ entry }) => entry.action === 'approval.redeem')
  if (redeemed && (used === undefined || used.body.nonce !== decision.nonce))
    return `the log does not know that decision ${number} was redeemed`
  for (const entry of redeemed && used ? [made, used] : [made]) {
    const broken = whyNotLinked(entry, record)
    if (broken !== null) return `the log does not hold where it says so of decision ${number}: ${broken}`
  }
  return null
}

/** The first thing that the log says otherwise. What an entry of an older version does not name was not there. */
function differing(decision: Decision, { actor, body }: Recorded): string | null {
  const { seen, sent, notBefore, notAfter } = decision
  const listed = (groups: unknown) => (Array.isArray(groups) && groups.length > 0 ? groups : null)
  const pairs: [name: string, stored: unknown, said: unknown][] = [
    ['content hash', decision.contentHash, body.contentHash],
    ['nonce', decision.nonce, body.nonce],
    ['actor', decision.actor, actor],
    ['plan that was seen', contentHashOf(storedContent(seen)), body.seenHash],
    ['plan that was sent', sent === null ? null : contentHashOf(storedContent(sent)), body.sentHash],
    ['binding', decision.binding, body.binding],
    ['waiver', decision.waiver, body.waiver],
    ['list of who approved', decision.approval, body.approval],
    ['list of groups', listed(decision.groups), listed(body.groups)],
    ['start of its window', notBefore?.toISOString(), body.notBefore],
    ['end of its window', notAfter?.toISOString(), body.notAfter],
    ['broken glass', decision.breakGlassId, body.breakGlassId],
  ]
  const other = pairs.find(([, stored, said]) => !isDeepStrictEqual(stored ?? null, said ?? null))
  return other?.[0] ?? null
}
