/** `value` null: nothing to measure in that week. */
export type WeekBar = { week: string; value: number | null; note: string }

/** What the full height of the bars stands for: `highest`, or else their highest; null where no bar stands above zero. */
export function fullHeight(bars: readonly Pick<WeekBar, 'value'>[], highest?: number): number | null {
  const most = Math.max(0, ...bars.map(({ value }) => value ?? 0))
  return highest ?? (most > 0 ? most : null)
}
