/** What the intake takes; beyond these a sender is told to split its requests. */
export const intakeLimits = {
  compressedBytes: 16 * 1024 * 1024,
  uncompressedBytes: 64 * 1024 * 1024,
  series: 50_000,
  samples: 500_000,
} as const

/** Clocks of senders may be this far ahead of ours. */
export const maxFutureMs = 10 * 60_000

/** How long raw samples are kept, and how old a sample of a live source may be. */
export const retentionDays = 400

/** Series of one signal of one workload with samples in the last hour; new ones beyond that are left out and counted. */
export const maxLiveSeriesPerSignal = 10_000

/** No signal is beyond this; sums of squares, and rates over a millisecond, still fit a double. */
export const largestValue = 1e24

/** What is smaller counts as zero; it would underflow where it is averaged. */
export const smallestValue = 1e-24
