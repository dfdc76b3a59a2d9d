import { coverage, geometricMean, scoreForecasts } from '../evaluation/index.ts'
import { type BenchRow, table } from './bench-report.ts'
import type { PublishedScore } from './bench-traces.ts'

const UNIT = 'naive'
const OURS = '**InfraSage**'
const HINDSIGHT = 'best of fifteen per series, with hindsight'

type Method = { name: string; scores: PublishedScore[]; ratios: number[] }

/**
 * What every published method scored on the same origins, beside ours, all divided by the published last value with
 * normal intervals: means, then each series. A method that was not published for a series has no cell there.
 */
export function publishedTables(rows: readonly BenchRow[], published: readonly PublishedScore[]): string {
  const ids = rows.map(({ series }) => series.id)
  const methods = methodsOf(rows, published)
  const means = methods.map(({ name, scores, ratios }) => {
    const held = scores.map(({ coverage90 }) => coverage90)
    return [
      name,
      String(scores.length),
      geometricMean(ratios).toFixed(3),
      Math.max(...ratios).toFixed(2),
      geometricMean(scores.map(({ mase }) => mase)).toFixed(3),
      (held.reduce((sum, value) => sum + value, 0) / held.length).toFixed(3),
      Math.min(...held).toFixed(3),
      Math.max(...held).toFixed(3),
    ]
  })
  const cells = methods.map(({ name, scores, ratios }) => {
    const of = new Map(scores.map(({ series }, i) => [series, ratios[i]]))
    return [name, ...ids.map((id) => cellOf(of.get(id)))]
  })
  return [
    table(
      'method | series | geometric mean to naive | worst series | MASE (geometric mean) | mean of 90% held | lowest | highest',
      means,
    ),
    table(`wql to naive | ${ids.join(' | ')}`, cells),
  ].join('\n')
}

const cellOf = (ratio: number | undefined): string =>
  ratio === undefined ? '' : ratio > 99 ? '> 99' : ratio.toFixed(3)

/** Ours, the best per series, and the published ones, best first. */
function methodsOf(rows: readonly BenchRow[], published: readonly PublishedScore[]): Method[] {
  const ours = rows.map(({ series, engine }): PublishedScore => {
    const { mase, weightedQuantileLoss: wql } = scoreForecasts(engine.warm, series.maseScale)
    return { series: series.id, method: OURS, mase, wql, coverage90: coverage(engine.warm, 0.05, 0.95) }
  })
  const best = rows.map(({ series }) => {
    const scores = published.filter((each) => each.series === series.id)
    return { ...scores.reduce((a, b) => (b.wql < a.wql ? b : a)), method: HINDSIGHT }
  })
  const unit = new Map(published.filter(({ method }) => method === UNIT).map((each) => [each.series, each]))
  return [...Map.groupBy([...ours, ...best, ...published], ({ method }) => method)]
    .map(([name, scores]) => ({
      name,
      scores,
      ratios: scores.map(({ series, wql }) => wql / (unit.get(series)?.wql ?? Number.NaN)),
    }))
    .sort((a, b) => geometricMean(a.ratios) - geometricMean(b.ratios))
}
