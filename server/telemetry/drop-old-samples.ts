import { authorise, type Context } from '../kernel/context.ts'
import { retentionDays } from './limits.ts'

/** Drops the weeks of raw samples that are older than what is kept, and series that are left without any; rollups stay. */
export async function dropOldSamples({ ctx }: { ctx: Context }): Promise<{ droppedWeeks: number }> {
  authorise(ctx, 'workload.manage')
  const before = new Date(ctx.clock.now().getTime() - retentionDays * 86_400_000)
  const rows = await ctx.db.$queryRaw<{ dropped: number }[]>`
    SELECT drop_sample_partitions_before(${before}::timestamptz) AS dropped`
  // A week more than the samples: a series must not go while one of its partitions stays.
  const emptySince = new Date(before.getTime() - 7 * 86_400_000)
  await ctx.db.series.deleteMany({ where: { lastHour: { lt: emptySince } } })
  return { droppedWeeks: rows[0]?.dropped ?? 0 }
}
