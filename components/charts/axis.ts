/** An axis that starts at zero: its upper end and its marks, at 1, 2, 2.5 or 5 times a power of ten. */
export function valueAxis(highest: number, marks = 4): { max: number; ticks: number[] } {
  if (!(highest > 0)) return { max: 1, ticks: [0, 0.5, 1] }
  const rough = highest / marks
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= rough * 0.999) ?? 10
  const step = factor * power
  const count = Math.ceil(highest / step - 1e-9)
  const ticks = Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)))
  return { max: ticks.at(-1) ?? step, ticks }
}

const minute = 60_000
const spans = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880].map((minutes) => minutes * minute)

/** Marks of a time axis at round clock times; `offset` is the zone's distance from UTC in milliseconds. */
export function timeTicks(from: number, to: number, marks = 6, offset = 0): number[] {
  const span = spans.find((candidate) => (to - from) / candidate <= marks) ?? 7 * 1440 * minute
  const first = Math.ceil((from + offset) / span) * span - offset
  const ticks: number[] = []
  for (let at = first; at <= to; at += span) ticks.push(at)
  return ticks
}

/** Index of the value nearest to `wanted`, so that charts with unlike steps point at the same moment. */
export function nearestIndex(values: readonly number[], wanted: number): number {
  let best = 0
  for (let i = 1; i < values.length; i++) {
    const distance = Math.abs((values[i] ?? 0) - wanted)
    if (distance < Math.abs((values[best] ?? 0) - wanted)) best = i
  }
  return best
}
