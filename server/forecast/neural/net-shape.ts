/**
 * Inputs of the net, in the order of a row. All are free of scale: regressors are differences to the last value over
 * the local volatility σ, and the rest are ratios. Those that do not depend on the lead come first.
 */
export const LAGS_AND_MEANS = 0
/** Profile of the day and of the week now, minus the short mean. */
export const PROFILE_LEVELS = 7
/** Local over slow volatility, and slow over steady; 0 when equal. */
export const VOLATILITY = 9
export const STEADINESS = 10
/** One over the square root of the observations so far: how new the series is. */
export const AGE = 11
/** Last value over σ, r / (LEVEL_HALF + r); tells how far below it zero is. */
export const LEVEL = 12
/** 1 when the last value is zero. */
export const ZERO = 13
/** Inputs before this one are the same for every lead. */
export const COMMON_INPUTS = 14
/** Each profile at the lead minus now. */
export const PROFILE_AHEAD = 14
export const PROFILES_AHEAD = 5
/** log2(lead) / 4, and 1 / lead. */
export const LEAD_LOG = 19
export const LEAD_INVERSE = 20
export const INPUTS = 21

/** Inputs that are differences over σ: they also act on the median directly, undamped. */
export const COMMON_DIRECT = 9
export const DIRECT = COMMON_DIRECT + PROFILES_AHEAD
/** A direct weight is a + b · log2(lead) / 4 + c / lead. */
export const LEAD_TERMS = 3

export const LEVEL_HALF = 8

/** Levels that the net itself speaks in; any other is interpolated. */
export const NET_LEVELS = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const
export const OUTPUTS = NET_LEVELS.length
export const MEDIAN = 4

export const HIDDEN = 16

/** Parameters: the hidden layer (inputs, then bias, per unit), then the head: output layer (units, then bias, per output), then direct weights. */
export const HIDDEN_ROW = INPUTS + 1
export const BODY = HIDDEN * HIDDEN_ROW
export const OUTPUT_ROW = HIDDEN + 1
export const DIRECT_START = OUTPUTS * OUTPUT_ROW
export const HEAD = DIRECT_START + LEAD_TERMS * DIRECT
export const PARAMETERS = BODY + HEAD

/** A training row: the inputs, then (value − last value) / σ. */
export const TARGET = INPUTS
export const ROW = INPUTS + 1

/** By how much uncertainty at `lead` exceeds that of the next step, for a walk that reverts. */
export function leadGrowth(lead: number): number {
  return Math.sqrt(1 + 0.3 * (lead - 1))
}
