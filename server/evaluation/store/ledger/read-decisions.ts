import type { Tx } from '../../../kernel/db.ts'
import type { DispatchState } from '../../../kernel/generated/client.ts'
import type { LedgerKind } from '../../contract/ledger.ts'
import type { SpanDecision } from '../../ledger/spans.ts'

export type StoredDecision = SpanDecision & {
  id: string
  appliedAt: number | null
  verifiedAt: number | null
  entry: { final: boolean; until: number } | null
}

/** At most this many decisions of a workload in one go; the rest has its turn next time. */
const mostAtOnce = 200
/** Nothing stands of it at the target, or soon nothing will. */
const undone: DispatchState[] = ['void', 'rolling_back', 'rolled_back']
const ended: DispatchState[] = ['failed', ...undone]

/** Workloads with a decision that counts and whose entry is missing or not final. */
export async function workloadsWithOpenEntries(tx: Tx): Promise<string[]> {
  const rows = await tx.$queryRaw<{ workloadId: string }[]>`
    SELECT DISTINCT p."workloadId"
    FROM "Decision" d
    JOIN "Proposal" p ON p."id" = d."proposalId"
    LEFT JOIN "Dispatch" x ON x."decisionId" = d."id"
    LEFT JOIN "LedgerEntry" l ON l."decisionId" = d."id"
    WHERE NOT coalesce(l."final", false)
      AND (
        d."kind" IN ('reject', 'expire')
        OR (x."appliedAt" IS NOT NULL AND NOT x."state"::text = ANY(${undone}))
      )`
  return rows.map(({ workloadId }) => workloadId)
}

/**
 * Decisions of a workload from the oldest without a final entry on, in order of time. What was void, failed before it reached
 * a target, or was taken back is left out; what is on its way is open.
 */
export async function decisionsToAccount(tx: Tx, workloadId: string): Promise<StoredDecision[]> {
  const kinds: LedgerKind[] = ['approve', 'override', 'reject', 'expire']
  const of = { proposal: { workloadId }, kind: { in: kinds } }
  const oldest = await tx.decision.findFirst({
    where: {
      ...of,
      AND: [
        { OR: [{ ledger: null }, { ledger: { final: false } }] },
        {
          OR: [
            { kind: { in: ['reject', 'expire'] } },
            { dispatch: { appliedAt: { not: null }, state: { notIn: undone } } },
          ],
        },
      ],
    },
    orderBy: { number: 'asc' },
    select: { number: true },
  })
  if (oldest === null) return []
  const found = await tx.decision.findMany({
    where: { ...of, number: { gte: oldest.number } },
    orderBy: { number: 'asc' },
    take: mostAtOnce,
    select: {
      id: true,
      kind: true,
      at: true,
      proposal: { select: { actBy: true, state: true } },
      dispatch: { select: { state: true, appliedAt: true, verifiedAt: true } },
      ledger: { select: { final: true, until: true } },
    },
  })
  const counted = found.flatMap(({ kind, dispatch, proposal, ledger, ...decision }) => {
    if (!isLedgerKind(kind)) return []
    const approval = kind === 'approve' || kind === 'override'
    const applied = dispatch !== null && dispatch.appliedAt !== null && !undone.includes(dispatch.state)
    const gone = dispatch === null ? proposal.state !== 'approved' : ended.includes(dispatch.state)
    if (approval && !applied && gone) return []
    return [
      {
        id: decision.id,
        kind,
        at: decision.at.getTime(),
        actBy: proposal.actBy.getTime(),
        open: approval && !applied,
        appliedAt: dispatch?.appliedAt?.getTime() ?? null,
        verifiedAt: dispatch?.verifiedAt?.getTime() ?? null,
        entry: ledger && { final: ledger.final, until: ledger.until.getTime() },
      },
    ]
  })
  // Of the last one of a full page it is not known what follows.
  return found.length < mostAtOnce ? counted : counted.slice(0, -1)
}

const isLedgerKind = (kind: string): kind is LedgerKind =>
  kind === 'approve' || kind === 'override' || kind === 'reject' || kind === 'expire'
