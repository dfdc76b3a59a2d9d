import { at } from './numeric/arrays.ts'
import type { Slab } from './numeric/slab.ts'

/** Steps over which a loss is remembered: the shortest answers to changes, the longest is steady. */
const MEMORIES = [15, 100, 600] as const
const SHARPNESS = 40
const FULL_TRUST = 30
/** Beyond this exponent a weight is below 1e-9 and is taken as none. */
const NEGLIGIBLE = 20
export const GROUPS = 3

/**
 * Weights per quantile and lead group: w ∝ exp(−40 · min(1, n/30) · (L / L_min − 1)) on discounted pinball
 * losses L, averaged over three memories (exponentially weighted forecaster with discounted
 * losses, Cesa-Bianchi and Lugosi 2006, §2.11). An expert that sleeps keeps its standing and gets no weight.
 */
export class Mixture {
  /** weights[((group * Q) + q) * K + k], summing to one over k. Derived from the losses. */
  readonly weights: Float64Array
  private readonly experts: number
  private readonly levels: number
  private readonly losses: Float64Array[]
  private readonly masses: Float64Array[]
  private readonly counts: Float64Array
  private readonly scores: Float64Array

  constructor(slab: Slab, experts: number, levels: number) {
    const cells = GROUPS * levels * experts
    this.experts = experts
    this.levels = levels
    this.losses = MEMORIES.map((memory) => slab.f64(`mixture.loss${memory}`, cells))
    this.masses = MEMORIES.map((memory) => slab.f64(`mixture.mass${memory}`, cells))
    this.counts = slab.f64('mixture.count', cells)
    this.weights = new Float64Array(cells)
    this.scores = new Float64Array(experts)
    this.refresh()
  }

  /** Adds the loss of expert `k`, already divided by the scale of the series. */
  learn(group: number, q: number, k: number, loss: number): void {
    const cell = (group * this.levels + q) * this.experts + k
    for (let m = 0; m < MEMORIES.length; m++) {
      const losses = this.losses[m]
      const masses = this.masses[m]
      if (losses === undefined || masses === undefined) continue
      const keep = 1 - 1 / (MEMORIES[m] ?? 1)
      losses[cell] = at(losses, cell) * keep + loss
      masses[cell] = at(masses, cell) * keep + 1
    }
    this.counts[cell] = at(this.counts, cell) + 1
  }

  /** Recomputes all weights from the losses. */
  refresh(): void {
    const rows = GROUPS * this.levels
    this.weights.fill(0)
    for (let row = 0; row < rows; row++) {
      for (let m = 0; m < MEMORIES.length; m++) this.addWeights(row * this.experts, m)
    }
  }

  private addWeights(first: number, memory: number): void {
    const losses = this.losses[memory]
    const masses = this.masses[memory]
    if (losses === undefined || masses === undefined) return
    const scores = this.scores
    let best = Number.POSITIVE_INFINITY
    for (let k = 0; k < this.experts; k++) {
      const mass = at(masses, first + k)
      const score = mass > 0 ? at(losses, first + k) / mass : Number.NaN
      scores[k] = score
      if (score < best) best = score
    }
    let total = 0
    for (let k = 0; k < this.experts; k++) {
      const trust = Math.min(1, at(this.counts, first + k) / FULL_TRUST)
      const score = at(scores, k)
      const excess = !Number.isNaN(score) ? score / Math.max(best, 1e-12) - 1 : 0
      const penalty = SHARPNESS * trust * excess
      const weight = penalty < NEGLIGIBLE ? Math.exp(-penalty) : 0
      scores[k] = weight
      total += weight
    }
    const share = 1 / (total * MEMORIES.length)
    for (let k = 0; k < this.experts; k++) {
      this.weights[first + k] = at(this.weights, first + k) + at(scores, k) * share
    }
  }
}
