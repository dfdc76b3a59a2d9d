const hourMs = 3_600_000

/** Start of the hour that an instant lies in; milliseconds since the epoch. */
export function hourOf(at: number): number {
  return Math.floor(at / hourMs) * hourMs
}

/** Sorted by time, of equal instants the last one. */
export function lastOfEachInstant(samples: { at: number; value: number }[]): { at: number; value: number }[] {
  if (samples.every((sample, index) => index === 0 || sample.at > (samples[index - 1]?.at ?? sample.at)))
    return samples
  const byInstant = new Map(samples.map((sample) => [sample.at, sample.value]))
  return [...byInstant].map(([at, value]) => ({ at, value })).sort((a, b) => a.at - b.at)
}
