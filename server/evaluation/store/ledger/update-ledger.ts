import { append, contentHashOf } from '../../../audit/index.ts'
import { getDecision } from '../../../governance/index.ts'
import { announce } from '../../../kernel/bus.ts'
import { authorise, type Context } from '../../../kernel/context.ts'
import type { Tx } from '../../../kernel/db.ts'
import { transact } from '../../../kernel/transact.ts'
import { getWorkload } from '../../../telemetry/index.ts'
import type { LedgerFigures } from '../../contract/ledger.ts'
import { figuresOf } from '../../ledger/figures.ts'
import { spansOf } from '../../ledger/spans.ts'
import { policies } from '../../replay/policies/policies.ts'
import { decisionsToAccount, type StoredDecision, workloadsWithOpenEntries } from './read-decisions.ts'
import { type AccountedSpan, readDemand } from './read-demand.ts'

/**
 * Brings the counterfactual ledger up to what was measured: writes entries whose span runs again, and closes those whose
 * span is over, once and for good. Safe to repeat. Answers how many entries it wrote.
 */
export async function updateLedger({ ctx }: { ctx: Context }): Promise<{ written: number }> {
  authorise(ctx, 'evaluation.keep')
  let written = 0
  for (const workloadId of await transact(ctx, workloadsWithOpenEntries)) {
    written += await transact(ctx, (tx) => updateWorkload(tx, ctx, workloadId))
  }
  return { written }
}

async function updateWorkload(tx: Tx, ctx: Context, workloadId: string): Promise<number> {
  const now = ctx.clock.now().getTime()
  const workload = await getWorkload({ ctx, input: { id: workloadId } })
  const decisions = await decisionsToAccount(tx, workloadId)
  const spans = spansOf(decisions, now)
  let written = 0
  for (const [i, decision] of decisions.entries()) {
    const span = spans[i]
    if (span === undefined || decision.open || decision.entry?.final === true) continue
    const accounted = await readDemand(tx, workload, span, now)
    if (decision.entry?.until === accounted.until && !accounted.final) continue
    await writeEntry(tx, ctx, workloadId, decision, span.from, accounted)
    written += 1
  }
  if (written > 0) await announce(tx, { topic: 'ledger', id: workloadId })
  return written
}

async function writeEntry(
  tx: Tx,
  ctx: Context,
  workloadId: string,
  decision: StoredDecision,
  from: number,
  { demand, until, final }: AccountedSpan,
): Promise<void> {
  const { seen, sent, summary } = await getDecision({ ctx, input: { id: decision.id } })
  const figures = figuresOf(
    { ...decision, workloadId, proposed: seen, sent },
    demand,
    policies['hpa-offered'],
  )
  const { userId, who } = await chosenBy(tx, ctx, decision.id)
  const data = {
    workloadId,
    userId,
    kind: decision.kind,
    who,
    summary,
    from: new Date(from),
    until: new Date(until),
    final,
    figures,
    ...sumsOf(figures),
    updatedAt: ctx.clock.now(),
  }
  await tx.ledgerEntry.upsert({
    where: { decisionId: decision.id },
    create: { decisionId: decision.id, ...data },
    update: data,
  })
  if (!final) return
  await append(tx, ctx, {
    stage: 'evaluation',
    action: 'ledger.final',
    subject: `decision/${decision.id}`,
    body: {
      workloadId,
      from: data.from.toISOString(),
      until: data.until.toISOString(),
      vsReactive: figures.vsReactive,
      vsProposed: figures.vsProposed,
      figuresHash: contentHashOf(figures),
    },
  })
}

/** Whose choice it was: of an override that of who put the numbers forward, not of who agreed to them. */
async function chosenBy(tx: Tx, ctx: Context, id: string): Promise<{ userId: string | null; who: string }> {
  const of = await tx.decision.findUniqueOrThrow({
    where: { id },
    select: { kind: true, proposal: { select: { counterId: true } } },
  })
  const choiceId = (of.kind === 'override' ? of.proposal.counterId : null) ?? id
  const { who } = await getDecision({ ctx, input: { id: choiceId } })
  const { userId } = await tx.decision.findUniqueOrThrow({
    where: { id: choiceId },
    select: { userId: true },
  })
  return { userId, who }
}

function sumsOf({ vsReactive, vsProposed }: LedgerFigures) {
  return {
    costVsReactiveUsd: vsReactive.costUsd,
    shortVsReactiveHours: vsReactive.shortReplicaHours,
    violationVsReactiveMinutes: vsReactive.violationMinutes,
    carbonVsReactiveG: vsReactive.carbonG,
    costVsProposedUsd: vsProposed?.costUsd ?? null,
    shortVsProposedHours: vsProposed?.shortReplicaHours ?? null,
    violationVsProposedMinutes: vsProposed?.violationMinutes ?? null,
    carbonVsProposedG: vsProposed?.carbonG ?? null,
  }
}
