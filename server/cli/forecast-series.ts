import { createEngine } from '../forecast/index.ts'
import type { GridSeries, TimeStyle } from './series-csv.ts'

/** What the forecast of one series depends on, beside its values. */
export type SeriesTask = {
  /** Step in seconds. */
  step: number
  horizon: number
  /** Steps learned before the first origin. */
  warmup: number
  /** Steps between origins. */
  stride: number
  quantiles: readonly number[]
  seed: number
}

const DIGITS = 10
const DAY_SECONDS = 86_400

/** The output lines of each origin of one series, in order; `horizon` lines each. Nothing after an origin takes part. */
export function* forecastLines(series: GridSeries, task: SeriesTask): Generator<string> {
  const { step: stepSeconds, horizon, quantiles, seed, warmup, stride } = task
  const levels = [...new Set([...quantiles, 0.5])].sort((a, b) => a - b)
  const columns = quantiles.map((level) => levels.indexOf(level))
  const startSeconds = ((series.startSeconds % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS
  const engine = createEngine({ stepSeconds, horizon, levels, seed, startSeconds })
  const first = Math.max(1, warmup) - 1
  for (const [index, value] of series.values.entries()) {
    engine.learn(value)
    if (index < first || (index - first) % stride !== 0 || engine.observations === 0) continue
    const timeAt = (steps: number) => formatTime(series.startSeconds + steps * stepSeconds, series.timeStyle)
    const head = `${quoted(series.id)},${timeAt(index)}`
    let lines = ''
    for (const { lead, values } of engine.forecast()) {
      const cells = columns.map((column) => Number((values[column] ?? 0).toPrecision(DIGITS)))
      lines += `${head},${timeAt(index + lead)},${lead},${cells.join(',')}\n`
    }
    yield lines
  }
}

function formatTime(seconds: number, style: TimeStyle): string {
  if (style === 'epoch') return String(Number(seconds.toFixed(3)))
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
