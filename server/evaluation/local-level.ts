import { type Baseline, perLead } from './baselines.ts'
import { normalQuantile } from './normal.ts'

/** Tried ratios of level variance to noise variance. */
const SIGNAL_TO_NOISE = [1e-4, 1e-3, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 100, 1e4]
/** Values that a fit looks back on. */
const LONGEST_FIT = 4_032

type Filtered = { level: number; variance: number; noise: number; logLikelihood: number }

/**
 * Local-level model by the Kalman filter: a random walk seen through noise, the ratio of their variances by maximum
 * concentrated likelihood over a grid (Durbin and Koopman 2012, §2.10), normal intervals.
 */
export const localLevel: Baseline = {
  name: 'local level, Kalman',
  forecast: ({ history, horizon, levels }) => {
    const past = history.slice(-LONGEST_FIT)
    let ratio = 1
    let best = filter(past, ratio)
    for (const candidate of SIGNAL_TO_NOISE) {
      const tried = filter(past, candidate)
      if (tried.logLikelihood > best.logLikelihood) {
        best = tried
        ratio = candidate
      }
    }
    const { level, variance, noise } = best
    return perLead(horizon, (lead) => {
      const sigma = Math.sqrt(noise * (variance + lead * ratio + 1))
      return levels.map((each) => level + sigma * normalQuantile(each))
    })
  },
}

/** One pass; variances are relative to that of the noise, which is concentrated out. */
function filter(past: readonly number[], ratio: number): Filtered {
  let level = 0
  let variance = 0
  let squares = 0
  let logs = 0
  let count = 0
  for (const value of past) {
    variance += ratio
    if (Number.isNaN(value)) continue
    if (count === 0) {
      level = value
      variance = 1
    } else {
      const total = variance + 1
      const error = value - level
      squares += (error * error) / total
      logs += Math.log(total)
      level += (variance / total) * error
      variance /= total
    }
    count++
  }
  const noise = squares / Math.max(1, count - 1)
  const logLikelihood = -0.5 * (logs + (count - 1) * Math.log(Math.max(noise, 1e-300)))
  return { level, variance, noise, logLikelihood }
}
