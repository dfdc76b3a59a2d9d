import { z } from 'zod'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { parseInput } from '../kernel/parse.ts'
import { signalCatalogue } from './contract.ts'
import { getWorkload } from './get-workload.ts'
import { readSteps } from './read-steps.ts'

const demandWindow = z.object({
  workloadId: z.uuid(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Steps before `from` that are read too, as far as there are any. */
  historySteps: z.number().int().min(0).max(1_000_000),
})
type DemandWindow = z.infer<typeof demandWindow>

/** Demand in its steps: value i belongs to `startSeconds + i · stepSeconds`; null where nothing was measured. */
export type DemandHistory = {
  unit: string
  startSeconds: number
  stepSeconds: number
  values: (number | null)[]
  /** Of these, how many begin before the window. */
  historySteps: number
}

/**
 * The measured demand of a workload over [from, to) and before it, in its closed steps; it begins with the first that was measured.
 * @throws NotFoundError
 */
export async function readDemand({ ctx, input }: Verb<DemandWindow>): Promise<DemandHistory> {
  authorise(ctx, 'telemetry.read')
  const { workloadId, from, to, historySteps } = parseInput(demandWindow, input, 'window')
  const { demandSignal, stepSeconds } = await getWorkload({ ctx, input: { id: workloadId } })
  const stepMs = stepSeconds * 1_000
  const first = Math.floor(Date.parse(from) / stepMs) * stepMs
  const steps = await readSteps(ctx.db, {
    workloadId,
    signal: demandSignal,
    after: new Date(first - (historySteps + 1) * stepMs),
    until: new Date(to),
  })
  return {
    unit: signalCatalogue.find(({ name }) => name === demandSignal)?.unit ?? '',
    startSeconds: (steps[0]?.at.getTime() ?? first) / 1_000,
    stepSeconds,
    values: steps.map(({ value }) => value),
    historySteps: steps.filter(({ at }) => at.getTime() < first).length,
  }
}

/** First and last measured step of each workload's demand signal; workloads without any are left out. */
export async function demandSpans({
  ctx,
}: {
  ctx: Context
}): Promise<{ workloadId: string; from: string; to: string }[]> {
  authorise(ctx, 'telemetry.read')
  const rows = await ctx.db.$queryRaw<{ workloadId: string; from: Date; to: Date }[]>`
    SELECT w."id"::text AS "workloadId", oldest."at" AS "from", newest."at" AS "to"
    FROM "Workload" w
    CROSS JOIN LATERAL (
      SELECT r."at" FROM "Rollup" r
      WHERE r."workloadId" = w."id" AND r."signal" = w."demandSignal" ORDER BY r."at" LIMIT 1
    ) oldest
    CROSS JOIN LATERAL (
      SELECT r."at" FROM "Rollup" r
      WHERE r."workloadId" = w."id" AND r."signal" = w."demandSignal" ORDER BY r."at" DESC LIMIT 1
    ) newest`
  return rows.map(({ workloadId, from, to }) => ({
    workloadId,
    from: from.toISOString(),
    to: to.toISOString(),
  }))
}
