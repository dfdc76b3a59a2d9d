import { z } from 'zod'
import { authorise, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { signalName } from './contract.ts'
import { parseSeriesCsv } from './import/parse-csv.ts'
import { maxFutureMs } from './limits.ts'
import { storeResolved } from './store/store-series.ts'

export const importInput = z.object({
  workload: z.string(),
  signal: signalName,
  csv: z.string(),
  /** Which one, when the file holds several. */
  series: z.string().optional(),
})
export type ImportInput = z.infer<typeof importInput>

export type ImportReceipt = {
  rows: number
  gaps: number
  stored: number
  replaced: number
  duplicates: number
  from: string
  to: string
}

const rowsPerTransaction = 100_000

/**
 * Back-fills one signal from a CSV file, already in the signal's unit. The whole file is checked before anything is
 * stored. All imports of a signal are one series, so that the same file again changes nothing, and another one
 * replaces what it overlaps; where a live source measured too, both count as instances.
 * @throws InvalidInputError with line numbers; NotFoundError when there is no such workload.
 */
export async function importCsv({ ctx, input }: Verb<ImportInput>): Promise<ImportReceipt> {
  authorise(ctx, 'telemetry.write')
  const { workload: name, signal, csv, series } = parseInput(importInput, input, 'import')
  const { samples, rows, gaps } = parseSeriesCsv(csv, series, ctx.clock.now().getTime() + maxFutureMs)
  const workload = await ctx.db.workload.findUnique({ where: { name } })
  if (!workload) throw new NotFoundError('workload', name)

  const receipt = { rows, gaps, stored: 0, replaced: 0, duplicates: 0 }
  for (let start = 0; start < samples.length; start += rowsPerTransaction) {
    const part = {
      workloadId: workload.id,
      signal,
      kind: 'gauge' as const,
      scale: 1,
      labels: { __name__: 'import' },
      samples: samples.slice(start, start + rowsPerTransaction),
    }
    const counts = await transact(ctx, (tx) =>
      storeResolved(tx, ctx, [part], new Map([[workload.id, workload]])),
    )
    receipt.stored += counts.stored
    receipt.replaced += counts.replaced
    receipt.duplicates += counts.duplicates
  }
  const iso = (at: number | undefined) => new Date(at ?? 0).toISOString()
  return { ...receipt, from: iso(samples[0]?.at), to: iso(samples.at(-1)?.at) }
}
