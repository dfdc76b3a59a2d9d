import { coverage, geometricMean, scoreForecasts } from '../evaluation/index.ts'
import { type BenchRow, table } from './bench-report.ts'
import type { PublishedScore } from './bench-traces.ts'

/**
 * What every published method scored on the same origins, beside ours, all divided by the published last value with
 * normal intervals; `to best` counts the best method of each series, chosen with hindsight.
 */
export function publishedTable(rows: readonly BenchRow[], published: readonly PublishedScore[]): string {
  const ours: PublishedScore[] = rows.map(({ series, engine }) => ({
    series: series.id,
    method: '**InfraSage**',
    mase: scoreForecasts(engine.warm, series.maseScale).mase,
    wql: scoreForecasts(engine.warm, series.maseScale).weightedQuantileLoss,
    coverage90: coverage(engine.warm, 0.05, 0.95),
  }))
  const best = rows.map(({ series }) => {
    const scores = published.filter((each) => each.series === series.id)
    return {
      ...scores.reduce((a, b) => (b.wql < a.wql ? b : a)),
      method: 'best of each series, with hindsight',
    }
  })
  const unit = new Map(
    published.filter(({ method }) => method === 'naive').map((each) => [each.series, each]),
  )
  const methods = [...Map.groupBy([...ours, ...best, ...published], ({ method }) => method)].map(
    ([method, scores]) => {
      const ratios = scores.map(({ series, wql }) => wql / (unit.get(series)?.wql ?? Number.NaN))
      const held = scores.map(({ coverage90 }) => coverage90)
      const mases = scores.map(({ mase }) => mase)
      return { method, scores, ratios, held, mases, mean: geometricMean(ratios) }
    },
  )
  return table(
    'method | series | geometric mean to naive | worst series | MASE (geometric mean) | mean of 90% held | lowest | highest',
    methods
      .sort((a, b) => a.mean - b.mean)
      .map(({ method, scores, ratios, held, mases, mean }) => [
        method,
        String(scores.length),
        mean.toFixed(3),
        Math.max(...ratios).toFixed(2),
        geometricMean(mases).toFixed(3),
        (held.reduce((sum, value) => sum + value, 0) / held.length).toFixed(3),
        Math.min(...held).toFixed(3),
        Math.max(...held).toFixed(3),
      ]),
  )
}
