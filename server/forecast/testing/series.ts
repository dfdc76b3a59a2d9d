/** Value of step `i`, NaN where nothing was measured; `random` gives values in [0, 1). */
export type SeriesLaw = (i: number, random: () => number) => number

/** A day of `steps` with noise on it. */
export const noisyDay =
  (steps: number): SeriesLaw =>
  (i, random) =>
    100 + 40 * Math.sin((i * 2 * Math.PI) / steps) + 10 * random()

/** Series that whatever learns must survive. */
export const hardSeries: Record<string, SeriesLaw> = {
  'counts with many zeros': (_, random) => (random() < 0.8 ? 0 : Math.floor(20 * random())),
  'nothing but zeros': () => 0,
  'a constant': () => 42,
  'a step of 10^6 up and down': (i) => (i > 120 && i < 240 ? 3e6 : 3),
  'a small scale': (_, random) => 1e-6 * random(),
  'a large scale': (_, random) => 1e12 * random(),
  'only gaps': () => Number.NaN,
  'rare bursts': (_, random) => (random() < 0.03 ? 500 * random() : 5 + random()),
  'gaps, short and long': (i, random) => (i % 7 < 3 || (i > 90 && i < 160) ? Number.NaN : 50 + random()),
  poison: (i, random) => [10 + random(), Number.POSITIVE_INFINITY, -5, Number.NaN, 1e300][i % 5] ?? 0,
}
