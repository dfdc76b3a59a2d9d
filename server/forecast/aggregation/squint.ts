import { at } from '../numeric/arrays.ts'
import type { Slab } from '../numeric/slab.ts'

/** Learning rates on which the prior is spread evenly; none above ½, or the bound would not hold. */
const RATES = [0.5, 0.1] as const
const RATE_PRIOR = 1 / RATES.length

/**
 * Squint (Koolen and van Erven 2015, COLT) with a discrete prior over learning rates. Per row and expert it keeps the
 * regret R = Σ r and its variance V = Σ r², with r = (own − expert's loss) / range in [−1, 1], and weighs
 * w_k ∝ π_k Σ_η γ_η η exp(ηR_k − η²V_k). The potential Σ π_k γ_η exp(ηR_k − η²V_k) starts at 1 and never grows, so
 * R_k ≤ ηV_k + ln(1 / (π_k γ_η)) / η for every η: a second-order bound, small against experts that differ little from us.
 * A sleeping expert has r = 0 and no weight (Freund et al. 1997), which leaves the potential as it is.
 */
export class Squint {
  /** weights[row * K + k], not normalised: divide by the sum over those awake. Derived from R and V. */
  readonly weights: Float64Array
  private readonly priors: Float64Array
  private readonly regrets: Float64Array
  private readonly variances: Float64Array

  constructor(slab: Slab, name: string, rows: number, priors: readonly number[]) {
    const total = priors.reduce((sum, prior) => sum + prior, 0)
    this.priors = Float64Array.from(priors, (prior) => prior / total)
    this.regrets = slab.f64(`${name}.regret`, rows * priors.length)
    this.variances = slab.f64(`${name}.variance`, rows * priors.length)
    this.weights = new Float64Array(rows * priors.length)
    this.refresh()
  }

  /** Recomputes all weights from saved state. */
  refresh(): void {
    const count = this.priors.length
    for (let cell = 0; cell < this.weights.length; cell++) this.weigh(cell, at(this.priors, cell % count))
  }

  /**
   * One round of `row`: losses[k] of every expert, NaN for one that sleeps, and the span `range` that no difference between
   * two of them exceeds. Returns the loss of the weights that it had, or NaN when all slept.
   */
  learn(row: number, losses: Float64Array, range: number): number {
    const count = this.priors.length
    const first = row * count
    let own = 0
    let mass = 0
    for (let k = 0; k < count; k++) {
      const loss = at(losses, k)
      if (Number.isNaN(loss)) continue
      own += at(this.weights, first + k) * loss
      mass += at(this.weights, first + k)
    }
    own /= mass
    if (Number.isNaN(own)) return own
    for (let k = 0; k < count; k++) {
      const loss = at(losses, k)
      if (Number.isNaN(loss)) continue
      const cell = first + k
      const regret = (own - loss) / range
      this.regrets[cell] = at(this.regrets, cell) + regret
      this.variances[cell] = at(this.variances, cell) + regret * regret
      this.weigh(cell, at(this.priors, k))
    }
    return own
  }

  /** Regret of `row` to expert `k`, over the rounds in which it was awake, in units of the range. */
  regret(row: number, k: number): number {
    return at(this.regrets, row * this.priors.length + k)
  }

  /** What the regret of `row` to expert `k` cannot exceed, given what has been seen, in units of the range. */
  bound(row: number, k: number): number {
    const variance = at(this.variances, row * this.priors.length + k)
    const surprise = -Math.log(at(this.priors, k) * RATE_PRIOR)
    return Math.min(...RATES.map((rate) => rate * variance + surprise / rate))
  }

  private weigh(cell: number, prior: number): void {
    const regret = at(this.regrets, cell)
    const variance = at(this.variances, cell)
    let weight = 0
    for (const rate of RATES) weight += rate * Math.exp(rate * (regret - rate * variance))
    // Never zero, so that whoever is the only one awake is heard.
    this.weights[cell] = Math.max(Number.MIN_VALUE, RATE_PRIOR * prior * weight)
  }
}
