const hourMs = 3_600_000

/** Hour of the day in UTC, 0 to 23. */
export function hourOf(atMs: number): number {
  return ((Math.floor(atMs / hourMs) % 24) + 24) % 24
}

/** The value of a profile of the day at a moment; `flat` where there is no profile. */
export function valueAt(profile: readonly number[] | undefined, flat: number, atMs: number): number {
  return profile?.[hourOf(atMs)] ?? flat
}

/** Time mean of a profile over a span, exact over parts of hours; the value at its start for an empty one. */
export function meanOver(
  profile: readonly number[] | undefined,
  flat: number,
  fromMs: number,
  seconds: number,
): number {
  if (profile === undefined || profile.length === 0) return flat
  if (!(seconds > 0)) return valueAt(profile, flat, fromMs)
  const untilMs = fromMs + seconds * 1_000
  let sum = 0
  for (let at = fromMs; at < untilMs; ) {
    const next = Math.min(untilMs, (Math.floor(at / hourMs) + 1) * hourMs)
    sum += valueAt(profile, flat, at) * (next - at)
    at = next
  }
  return sum / (untilMs - fromMs)
}
