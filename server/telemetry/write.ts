import { authorise, type Verb } from '../kernel/context.ts'
import { InvalidInputError } from '../kernel/errors.ts'
import { transact } from '../kernel/transact.ts'
import type { IncomingSeries, WriteReceipt, WriteSource } from './contract.ts'
import { createMatcher } from './mapping/match.ts'
import { resolve } from './mapping/resolve.ts'
import { readMappings } from './mapping/rules.ts'
import { notNegative, usableSamples } from './store/sample-rules.ts'
import { storeResolved } from './store/store-series.ts'

export type WriteInput = { series: IncomingSeries[]; source: WriteSource }

/**
 * Takes samples in: mappings choose workload and signal, steps that changed are computed again, and a job is sent for
 * each workload whose demand moved on. One transaction: all of it is kept, or none.
 *
 * Series that nobody claims, and samples of an impossible time or value, are left out and counted, because a refusal would make
 * a sender drop the good ones with them.
 * @throws InvalidInputError when there were samples to keep and every one has an impossible time or value.
 */
export async function write({ ctx, input }: Verb<WriteInput>): Promise<WriteReceipt> {
  authorise(ctx, 'telemetry.write')
  const sieve = usableSamples(input.series, input.source, ctx.clock.now())
  if (sieve.rejected > 0 && sieve.series.length === 0) {
    throw new InvalidInputError(
      `None of the ${sieve.rejected} samples can be kept: ${sieve.rejectedExamples[0] ?? 'their times are impossible'}.`,
      sieve.rejectedExamples.map((message) => ({ path: 'samples', message })),
    )
  }
  return transact(ctx, async (tx) => {
    const resolved = await resolve(tx, sieve.series, createMatcher(await readMappings(tx)))
    const measured = notNegative(resolved.series)
    const { refused, refusedExamples, ...counts } =
      measured.series.length > 0
        ? await storeResolved(tx, ctx, measured.series, resolved.workloads)
        : { stored: 0, replaced: 0, duplicates: 0, late: 0, refused: 0, refusedExamples: [] }
    return {
      ...counts,
      ignored: sieve.ignored,
      rejected: sieve.rejected + measured.rejected + refused,
      rejectedExamples: [...sieve.rejectedExamples, ...measured.rejectedExamples, ...refusedExamples],
      unmappedSeries: resolved.unmappedSeries,
      unmappedSamples: resolved.unmappedSamples,
      unmappedExamples: resolved.unmappedExamples,
    }
  })
}
