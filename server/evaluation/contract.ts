import { z } from 'zod'

export * from './contract/acceptability.ts'
export * from './contract/ledger.ts'
export * from './contract/replay.ts'

/** One quantile forecast of one lead with what was then measured; NaN actuals are left out of every score. */
export type JudgedForecast = {
  lead: number
  levels: readonly number[]
  values: readonly number[]
  actual: number
}

export const ForecastScoresSchema = z.object({
  /** Judged pairs of origin and lead. */
  count: z.number().int().nonnegative(),
  /** Weighted quantile loss: mean 2 · pinball over the scored levels, over mean |actual|. */
  weightedQuantileLoss: z.number(),
  /** Mean absolute error of the median over the in-sample error of the seasonal naive forecast. */
  mase: z.number(),
  /** Share of actuals within the 0.05 and 0.95 quantiles. */
  coverage90: z.number(),
})
export type ForecastScores = z.infer<typeof ForecastScoresSchema>
