import type { Json } from '../../audit/contract.ts'
import { append } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import type { HarmfulSpan, Prisma } from '../../kernel/generated/client.ts'
import type { HarmEvidence, HarmView } from '../contract.ts'
import { readJobSteps, type Submitting } from './read-jobs.ts'
import { crowdedSince, endOfHarm, recogniseHarm } from './recognise.ts'

/** A span that teaches nothing. `until` null: to the newest step. */
export type Unbelieved = { since: Date; until: Date | null }

export type Watched = {
  /** Harm that goes on now. */
  open: HarmView | null
  /** Every span that no model may learn, the suspected one included. */
  unbelieved: Unbelieved[]
  /** Appends what was found to the log; to be called last in the transaction, because the log is held until its end. */
  record(): Promise<void>
}

const nothing = async () => undefined

/**
 * Looks at the newest submissions of a workload, in the caller's transaction: opens a span where they are recognised as
 * harm, ends the open one where it is over or work waits that would end well, and says what is not to be believed.
 */
export async function watchHarm(ctx: Context, tx: Tx, workload: Submitting, now: Date): Promise<Watched> {
  const spans = await tx.harmfulSpan.findMany({
    where: { workloadId: workload.id },
    orderBy: { since: 'asc' },
  })
  const steps = await readJobSteps(tx, workload, now)
  const open = spans.find(({ until, dismissedAt }) => until === null && dismissedAt === null)
  if (open) {
    const evidence = evidenceOf(open)
    const within = steps.filter(({ at }) => at >= open.since)
    const over = endOfHarm(within, evidence)
    const until = over ?? crowdedSince(within, evidence)
    if (until === null) return { open: harmView(open), unbelieved: beliefless(spans), record: nothing }
    await tx.harmfulSpan.update({ where: { id: open.id }, data: { until } })
    const why = over === null ? 'work waits while as much as before ends well' : 'failures are back to usual'
    const body = { spanId: open.id, until: until.toISOString(), why }
    return {
      open: null,
      unbelieved: beliefless(spans.map((span) => (span === open ? { ...span, until } : span))),
      record: () => record(ctx, tx, workload.id, 'harm.ended', body),
    }
  }
  // A person who said that it is demand is not asked again about the same span.
  const dismissed = spans.findLast(({ dismissedAt }) => dismissedAt !== null)
  const harm = recogniseHarm(steps, workload.stepSeconds)
  const answered = dismissed !== undefined && stillThere(dismissed, steps)
  if (harm.kind === 'none' || answered) return { open: null, unbelieved: beliefless(spans), record: nothing }
  if (harm.kind === 'suspected') {
    const suspected = { since: harm.since, until: null }
    return { open: null, unbelieved: [...beliefless(spans), suspected], record: nothing }
  }
  const { since, evidence } = harm
  const created = await tx.harmfulSpan.create({
    data: {
      id: ctx.ids.uuid(),
      workloadId: workload.id,
      since,
      detectedAt: ctx.clock.now(),
      evidence: evidence as Prisma.InputJsonObject,
    },
  })
  return {
    open: harmView(created),
    unbelieved: beliefless([...spans, created]),
    record: () => record(ctx, tx, workload.id, 'harm.recognised', { spanId: created.id, evidence }),
  }
}

/** Which of the workloads have harm that goes on now. */
export async function harmedNow(tx: Tx, workloadIds: readonly string[]): Promise<Set<string>> {
  const spans = await tx.harmfulSpan.findMany({
    where: { workloadId: { in: [...workloadIds] }, until: null, dismissedAt: null },
    select: { workloadId: true },
  })
  return new Set(spans.map(({ workloadId }) => workloadId))
}

/** A person said that what was recognised of a workload is demand: from now on it is believed. */
export async function dismissHarm(ctx: Context, tx: Tx, workloadId: string, why: string): Promise<void> {
  const open = { workloadId, until: null, dismissedAt: null }
  const { count } = await tx.harmfulSpan.updateMany({
    where: open,
    data: { dismissedAt: ctx.clock.now() },
  })
  if (count > 0) await record(ctx, tx, workloadId, 'harm.dismissed', { why })
}

/** Steps that no model may learn, as gaps. */
export function withoutHarm<T extends { at: Date; value: number | null }>(
  steps: T[],
  unbelieved: readonly Unbelieved[],
): T[] {
  if (unbelieved.length === 0) return steps
  const within = (at: Date) =>
    unbelieved.some(({ since, until }) => at >= since && (until === null || at < until))
  return steps.map((step) => (within(step.at) ? { ...step, value: null } : step))
}

function stillThere(span: HarmfulSpan, steps: Parameters<typeof endOfHarm>[0]): boolean {
  const since = steps.filter(({ at }) => at >= span.since)
  return endOfHarm(since, evidenceOf(span)) === null
}

function beliefless(spans: readonly HarmfulSpan[]): Unbelieved[] {
  return spans.flatMap(({ since, until, dismissedAt }) => (dismissedAt === null ? [{ since, until }] : []))
}

/** As it was stored by this room alone. */
function evidenceOf({ evidence }: HarmfulSpan): HarmEvidence {
  return evidence as HarmEvidence
}

function harmView(span: HarmfulSpan): HarmView {
  return {
    id: span.id,
    workloadId: span.workloadId,
    since: span.since.toISOString(),
    until: span.until?.toISOString() ?? null,
    detectedAt: span.detectedAt.toISOString(),
    dismissed: span.dismissedAt !== null,
    evidence: evidenceOf(span),
  }
}

async function record(
  ctx: Context,
  tx: Tx,
  workloadId: string,
  action: string,
  body: Record<string, Json>,
): Promise<void> {
  await announce(tx, { topic: 'forecast', id: workloadId })
  await append(tx, ctx, { stage: 'telemetry', action, subject: `workload/${workloadId}`, body })
}
