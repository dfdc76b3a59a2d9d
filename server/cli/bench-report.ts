import { z } from 'zod'
import {
  type BenchRun,
  type BenchSeries,
  coverage,
  type EngineRun,
  geometricMean,
  scoreForecasts,
  weightedQuantileLoss,
} from '../evaluation/index.ts'

/** One series with what each method forecast; the first two baselines are the last value, normal and empirical. */
export type BenchRow = {
  series: BenchSeries
  engine: EngineRun
  baselines: { name: string; run: BenchRun }[]
}

type Part = keyof BenchRun

/** One line per series. */
export function seriesTable(rows: readonly BenchRow[]): string {
  const lines = rows.map((row) => {
    const { series, engine } = row
    const scores = scoreForecasts(engine.warm, series.maseScale)
    const { learnMicroseconds, forecastMicroseconds, stateBytes } = engine
    return [
      series.id,
      `${series.horizon} × ${series.stepSeconds} s`,
      scores.weightedQuantileLoss.toFixed(4),
      ratio(row, 'warm', 0).toFixed(3),
      ratio(row, 'warm', 1).toFixed(3),
      scores.mase.toFixed(3),
      scores.coverage90.toFixed(3),
      learnMicroseconds.toFixed(0),
      forecastMicroseconds.toFixed(0),
      (stateBytes / 1024).toFixed(0),
    ]
  })
  const mean = (baseline: number) => geometricMean(finite(rows.map((row) => ratio(row, 'warm', baseline))))
  const total = ['**geometric mean**', '', '', `**${mean(0).toFixed(3)}**`, mean(1).toFixed(3)]
  return table(
    'series | leads × step | wql | to last value normal | to last value empirical | MASE | 90% held | µs an observation | µs a forecast | state KiB',
    [...lines, [...total, '', '', '', '', '']],
  )
}

/** Every method over the ordinary origins, best first. */
export function methodTable(rows: readonly BenchRow[]): string {
  const names = rows[0]?.baselines.map(({ name }) => name) ?? []
  const methods = [
    { name: '**InfraSage**', runs: rows.map(({ engine }): BenchRun => engine) },
    ...names.map((name, i) => ({
      name,
      runs: rows.map(({ baselines, engine }) => baselines[i]?.run ?? engine),
    })),
  ].map(({ name, runs }) => {
    const ratios = runs.map(({ warm }, i) => relative(warm, rows[i]?.baselines[0]?.run.warm ?? []))
    const mases = runs.map(({ warm }, i) => scoreForecasts(warm, rows[i]?.series.maseScale ?? 1).mase)
    const held = coverage(
      runs.flatMap(({ warm }) => warm),
      0.05,
      0.95,
    )
    return { name, mean: geometricMean(finite(ratios)), worst: Math.max(...finite(ratios)), mases, held }
  })
  return table(
    'method | geometric mean to last value normal | worst series | MASE (geometric mean) | 90% held',
    methods
      .sort((a, b) => a.mean - b.mean)
      .map(({ name, mean, worst, mases, held }) => [
        name,
        mean.toFixed(3),
        worst.toFixed(2),
        geometricMean(finite(mases)).toFixed(3),
        held.toFixed(3),
      ]),
  )
}

/** Accuracy and coverage pooled by kind of demand. */
export function groupTable(rows: readonly BenchRow[]): string {
  const groups = [...Map.groupBy(rows, ({ series }) => series.group)]
  const lines = groups.map(([group, members]) => {
    const held = members.map(({ engine }) => coverage(engine.warm, 0.05, 0.95))
    const pooled = coverage(
      members.flatMap(({ engine }) => engine.warm),
      0.05,
      0.95,
    )
    return [
      group,
      String(members.length),
      geometricMean(finite(members.map((row) => ratio(row, 'warm', 0)))).toFixed(3),
      pooled.toFixed(3),
      Math.min(...held).toFixed(3),
      Math.max(...held).toFixed(3),
    ]
  })
  return table('group | series | to last value normal | 90% held | lowest series | highest series', lines)
}

/** The first sixty values of life, and the first hour of them. */
export function coldTable(rows: readonly BenchRow[], perSeries: boolean): string {
  const cells = (row: BenchRow, part: Part) => {
    const judged = row.engine[part]
    return [ratio(row, part, 1).toFixed(3), judged.length > 0 ? coverage(judged, 0.05, 0.95).toFixed(3) : '']
  }
  const total = (part: Part) => {
    const ratios = finite(rows.map((row) => ratio(row, part, 1)))
    const held = coverage(
      rows.flatMap(({ engine }) => engine[part]),
      0.05,
      0.95,
    )
    return [`${geometricMean(ratios).toFixed(3)} (worst ${Math.max(...ratios).toFixed(3)})`, held.toFixed(3)]
  }
  return table(
    'start of life: first 60 values: to last value empirical | 90% held | first hour: to last value empirical | 90% held',
    [
      ...(perSeries
        ? rows.map((row) => [row.series.id, ...cells(row, 'cold'), ...cells(row, 'firstHour')])
        : []),
      ['**all**', ...total('cold'), ...total('firstHour')],
    ],
  )
}

/** What a choice of constants looks at. */
export const ScoreLineSchema = z.object({
  id: z.string(),
  family: z.string(),
  group: z.string(),
  /** Weighted quantile loss over that of the last value with normal, and with empirical quantiles. */
  toNormal: z.number(),
  toEmpirical: z.number(),
  /** The same over the first sixty values. */
  coldToEmpirical: z.number(),
  coverage90: z.number(),
})
export type ScoreLine = z.infer<typeof ScoreLineSchema>

export function scoreLines(rows: readonly BenchRow[]): ScoreLine[] {
  return rows.map((row) => ({
    id: row.series.id,
    family: row.series.family,
    group: row.series.group,
    toNormal: ratio(row, 'warm', 0),
    toEmpirical: ratio(row, 'warm', 1),
    coldToEmpirical: ratio(row, 'cold', 1),
    coverage90: coverage(row.engine.warm, 0.05, 0.95),
  }))
}

/** One line to compare runs by. */
export function summaryOf(rows: readonly BenchRow[]): string {
  const against = (part: Part, baseline: number) =>
    rows.map((row) => ({ id: row.series.id, value: ratio(row, part, baseline) }))
  const mean = (part: Part, baseline: number) =>
    geometricMean(finite(against(part, baseline).map(({ value }) => value))).toFixed(4)
  const worst = against('warm', 1).reduce((a, b) => (b.value > a.value ? b : a))
  const worstCold = against('cold', 1)
    .filter(({ value }) => Number.isFinite(value))
    .reduce((a, b) => (b.value > a.value ? b : a))
  const held = rows.map(({ series, engine }) => ({
    id: series.id,
    value: coverage(engine.warm, 0.05, 0.95),
  }))
  const lowest = held.reduce((a, b) => (b.value < a.value ? b : a))
  const miss = held.reduce((sum, { value }) => sum + Math.abs(value - 0.9), 0) / held.length
  const steps = rows.reduce((sum, { series }) => sum + series.values.length, 0)
  const learn =
    rows.reduce((sum, { engine, series }) => sum + engine.learnMicroseconds * series.values.length, 0) / steps
  const forecast = rows.reduce((sum, { engine }) => sum + engine.forecastMicroseconds, 0) / rows.length
  return [
    `${rows.length} series: wql to last value normal ${mean('warm', 0)}, empirical ${mean('warm', 1)}`,
    `worst ${worst.value.toFixed(3)} (${worst.id}); first 60 values ${mean('cold', 1)}, worst ${worstCold.value.toFixed(3)} (${worstCold.id})`,
    `90% held: lowest ${lowest.value.toFixed(3)} (${lowest.id}), mean |held − 0.9| ${miss.toFixed(4)}`,
    `${learn.toFixed(0)} µs an observation, ${forecast.toFixed(0)} µs a forecast, at most ${(Math.max(...rows.map(({ engine }) => engine.stateBytes)) / 1024).toFixed(0)} KiB\n`,
  ].join('\n')
}

function ratio({ engine, baselines }: BenchRow, part: Part, baseline: number): number {
  return relative(engine[part], baselines[baseline]?.run[part] ?? [])
}

/** Loss over a baseline's loss on the same forecasts; 1 where both are without loss. */
function relative(judged: BenchRun[Part], unit: BenchRun[Part]): number {
  const loss = weightedQuantileLoss(judged)
  const of = weightedQuantileLoss(unit)
  return loss === of ? 1 : loss / of
}

const finite = (values: readonly number[]): number[] =>
  values.filter((value) => Number.isFinite(value) && value > 0)

/** A Markdown table; `head` holds the columns, separated by bars. */
export function table(head: string, rows: readonly string[][]): string {
  const columns = head.split(' | ')
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return `${[line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')}\n`
}
