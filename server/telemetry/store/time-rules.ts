/** Two samples of a counter further apart than this are an outage between them, and no rate is made of it. */
export const counterGapSeconds = (stepSeconds: number): number => Math.max(300, 3 * stepSeconds)

/**
 * A gauge holds its value until its next sample if that comes within this time, so that a scrape interval longer than
 * the step leaves no gaps; a longer silence stays a gap.
 */
export const gaugeHoldSeconds = 60
