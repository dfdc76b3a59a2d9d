import { at, at32 } from './numeric/arrays.ts'
import type { Slab } from './numeric/slab.ts'

/** Rounds over which a loss is remembered: the shortest answers to changes, the longest is steady. */
const MEMORIES = [15, 100, 600] as const
const LONGEST = MEMORIES.length - 1
/** Values beyond a quantile that a memory must expect to hold, twice over, before it may judge that quantile. */
const EXCEEDANCES = 5
const SHARPNESS = 25
const FULL_TRUST = 30
/** Beyond this exponent a weight is below 4e-4 and is taken as none. */
const NEGLIGIBLE = 8
export const GROUPS = 3

/**
 * Weights per quantile and lead group: w ∝ exp(−25 · min(1, n/30) · (L / L_min − 1)) on discounted pinball losses L,
 * averaged over those of three memories that are long enough for the quantile (exponentially weighted forecaster
 * with discounted losses, Cesa-Bianchi and Lugosi 2006, §2.11). An expert that sleeps keeps its standing.
 */
export class Mixture {
  /** weights[(group * K + k) * Q + q], summing to one over k. Derived from the losses. */
  readonly weights: Float64Array
  /** active[group * K + k]: whether expert k has weight for any quantile. Derived. */
  readonly active: Uint8Array
  private readonly experts: number
  private readonly levels: readonly number[]
  private readonly losses: Float32Array[]
  /** Discounted count of rounds per group and memory, then the plain count of rounds. */
  private readonly masses: Float64Array
  private readonly scores: Float64Array

  constructor(slab: Slab, experts: number, levels: readonly number[]) {
    const cells = GROUPS * levels.length * experts
    this.experts = experts
    this.levels = levels
    this.losses = MEMORIES.map((memory) => slab.f32(`mixture.loss${memory}`, cells))
    this.masses = slab.f64('mixture.mass', GROUPS * (MEMORIES.length + 1))
    this.weights = new Float64Array(cells)
    this.active = new Uint8Array(GROUPS * experts)
    this.scores = new Float64Array(experts)
    for (let group = 0; group < GROUPS; group++) this.refresh(group)
  }

  /**
   * Adds one round of a group: `losses[q * K + k]` over the scale of the series, NaN of an expert that slept, which
   * is charged the mean of those awake.
   */
  learn(group: number, losses: Float64Array): void {
    const count = this.experts
    for (let m = 0; m <= MEMORIES.length; m++) {
      const mass = group * (MEMORIES.length + 1) + m
      this.masses[mass] = at(this.masses, mass) * (1 - 1 / (MEMORIES[m] ?? Number.POSITIVE_INFINITY)) + 1
    }
    for (let q = 0; q < this.levels.length; q++) {
      const row = q * count
      let sum = 0
      let awake = 0
      for (let k = 0; k < count; k++) {
        const loss = at(losses, row + k)
        if (Number.isNaN(loss)) continue
        sum += loss
        awake++
      }
      if (awake === 0) continue
      for (let k = 0; k < count; k++) {
        if (Number.isNaN(at(losses, row + k))) losses[row + k] = sum / awake
      }
      this.add(losses, row, (group * this.levels.length + q) * count)
    }
  }

  /** Recomputes the weights of a group from its losses. */
  refresh(group: number): void {
    const first = group * this.levels.length * this.experts
    this.weights.fill(0, first, first + this.levels.length * this.experts)
    this.active.fill(0, group * this.experts, (group + 1) * this.experts)
    for (let q = 0; q < this.levels.length; q++) {
      const level = this.levels[q] ?? 0.5
      const needed = EXCEEDANCES / (2 * Math.min(level, 1 - level))
      const judging = Math.min(
        LONGEST,
        MEMORIES.findIndex((memory) => memory >= needed),
      )
      const from = judging < 0 ? LONGEST : judging
      for (let m = from; m <= LONGEST; m++) this.addWeights(group, q, m, 1 / (LONGEST - from + 1))
    }
  }

  private add(losses: Float64Array, from: number, to: number): void {
    for (let m = 0; m <= LONGEST; m++) {
      const kept = this.losses[m]
      if (kept === undefined) continue
      const keep = 1 - 1 / (MEMORIES[m] ?? 1)
      for (let k = 0; k < this.experts; k++) kept[to + k] = at32(kept, to + k) * keep + at(losses, from + k)
    }
  }

  private addWeights(group: number, q: number, memory: number, share: number): void {
    const losses = this.losses[memory]
    const rounds = at(this.masses, group * (MEMORIES.length + 1) + MEMORIES.length)
    const mass = at(this.masses, group * (MEMORIES.length + 1) + memory)
    if (losses === undefined) return
    const first = (group * this.levels.length + q) * this.experts
    const scores = this.scores
    let best = Number.POSITIVE_INFINITY
    for (let k = 0; k < this.experts; k++) best = Math.min(best, at32(losses, first + k))
    const floor = Math.max(best, 1e-12 * mass, 1e-30)
    const sharpness = SHARPNESS * Math.min(1, rounds / FULL_TRUST)
    let total = 0
    for (let k = 0; k < this.experts; k++) {
      const penalty = sharpness * ((at32(losses, first + k) - best) / floor)
      const weight = penalty < NEGLIGIBLE ? Math.exp(-penalty) : 0
      scores[k] = weight
      total += weight
    }
    const part = share / total
    for (let k = 0; k < this.experts; k++) {
      const weight = at(scores, k) * part
      if (weight === 0) continue
      const cell = (group * this.experts + k) * this.levels.length + q
      this.weights[cell] = at(this.weights, cell) + weight
      this.active[group * this.experts + k] = 1
    }
  }
}
