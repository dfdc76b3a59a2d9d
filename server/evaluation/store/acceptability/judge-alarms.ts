import { append } from '../../../audit/index.ts'
import { authorise, type Context } from '../../../kernel/context.ts'
import type { Tx } from '../../../kernel/db.ts'
import { transact } from '../../../kernel/transact.ts'
import { signalName } from '../../../telemetry/contract.ts'
import { readSteps } from '../../../telemetry/index.ts'

/** The last steps of a surge may come in this much later. */
const graceMs = 3_600_000
const mostAtOnce = 200
/** A surge of which less was measured is not judged. */
const minMeasuredShare = 0.5

type Due = {
  id: string
  workloadId: string
  createdAt: Date
  endsAt: Date
  capacity: number
  demandSignal: string
  stepSeconds: number
}

/**
 * Judges the surges that people were asked to act on and whose time is over: whether measured demand passed the capacity that
 * stood. What was superseded asked nobody to the end, and is left to what took its place. Returns how many were judged.
 */
export async function judgeAlarms({ ctx }: { ctx: Context }): Promise<number> {
  authorise(ctx, 'evaluation.keep')
  const now = ctx.clock.now()
  const due = await dueAlarms(ctx.db, new Date(now.getTime() - graceMs))
  for (const alarm of due) {
    const { peak, measured } = await peakOf(ctx.db, alarm)
    // One step above it is enough, however few were measured.
    const came = peak !== null && peak > alarm.capacity
    const known = came || (peak !== null && measured >= minMeasuredShare)
    await transact(ctx, (tx) => keep(tx, ctx, alarm, { came: known ? came : null, peak }))
  }
  return due.length
}

async function keep(
  tx: Tx,
  ctx: Context,
  { id, capacity }: Due,
  { came, peak }: { came: boolean | null; peak: number | null },
): Promise<void> {
  const data = { proposalId: id, came, peak, capacity, judgedAt: ctx.clock.now() }
  const { count } = await tx.surgeOutcome.createMany({ data, skipDuplicates: true })
  if (count === 0) return
  await append(tx, ctx, {
    stage: 'evaluation',
    action: 'surge.judge',
    subject: `proposal/${id}`,
    body: { came, peak, capacity },
  })
}

async function dueAlarms(tx: Tx, before: Date): Promise<Due[]> {
  return tx.$queryRaw<Due[]>`
    SELECT p."id", p."workloadId", p."createdAt", (p."content" #>> '{evidence,surge,endsAt}')::timestamptz AS "endsAt",
      (p."content" #>> '{evidence,surge,capacity}')::float8 AS "capacity", w."demandSignal", w."stepSeconds"
    FROM "Proposal" p
    JOIN "Workload" w ON w."id" = p."workloadId"
    LEFT JOIN "SurgeOutcome" o ON o."proposalId" = p."id"
    WHERE o."proposalId" IS NULL AND p."kind" = 'scale' AND p."state" IN ('approved', 'rejected', 'expired')
      AND p."surgeAt" < ${before} AND (p."content" #>> '{evidence,surge,endsAt}')::timestamptz < ${before}
    ORDER BY p."surgeAt" LIMIT ${mostAtOnce}`
}

async function peakOf(
  tx: Tx,
  { workloadId, demandSignal, stepSeconds, createdAt, endsAt }: Due,
): Promise<{ peak: number | null; measured: number }> {
  const steps = await readSteps(tx, {
    workloadId,
    signal: signalName.parse(demandSignal),
    after: createdAt,
    until: endsAt,
  })
  const values = steps.flatMap(({ value }) => (value === null ? [] : [value]))
  const expected = Math.max(1, (endsAt.getTime() - createdAt.getTime()) / (stepSeconds * 1_000))
  return {
    peak: values.length === 0 ? null : values.reduce((top, value) => Math.max(top, value)),
    measured: values.length / expected,
  }
}
