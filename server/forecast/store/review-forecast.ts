import { authorise, type Verb } from '../../kernel/context.ts'
import { parseInput } from '../../kernel/parse.ts'
import { signalName } from '../../telemetry/contract.ts'
import { readSteps } from '../../telemetry/index.ts'
import { type ReviewInput, type ReviewScores, reviewInput } from '../review/contract.ts'
import { scoreReview } from '../review/review.ts'
import { forecastAt, type StoredForecast } from './read.ts'

export type ForecastReview = StoredForecast & {
  /** What was measured for each lead since; null where nothing was, or not yet. */
  measured: { lead: number; at: string; value: number | null }[]
  scores: ReviewScores
}

/** The forecast that stood at a past moment, beside what came of it since. Null before the first forecast. */
export async function reviewForecast({ ctx, input }: Verb<ReviewInput>): Promise<ForecastReview | null> {
  authorise(ctx, 'forecast.read')
  const { workloadId, at } = parseInput(reviewInput, input, 'request')
  const stored = await forecastAt({ ctx, input: { workloadId, at } })
  if (stored === null) return null
  const { leads, origin, signal } = stored.snapshot
  // Closed steps only: the value of one that is still open would be held against what is not yet all there.
  const steps = await readSteps(ctx.db, {
    workloadId,
    signal: signalName.parse(signal),
    after: new Date(origin),
    until: ctx.clock.now(),
    limit: leads.length,
  })
  const values = new Map(steps.map((step) => [step.at.toISOString(), step.value]))
  const measured = leads.map((lead) => ({ lead: lead.lead, at: lead.at, value: values.get(lead.at) ?? null }))
  const scores = scoreReview(
    stored.snapshot,
    measured.map(({ value }) => value),
  )
  return { ...stored, measured, scores }
}
