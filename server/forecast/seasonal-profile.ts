import { at32 } from './numeric/arrays.ts'
import type { Slab } from './numeric/slab.ts'

export type ProfileOptions = {
  name: string
  periodSeconds: number
  stepSeconds: number
  maxSlots: number
  /** Weight of a new period's value in its slot, once enough periods are seen. */
  alpha: number
  /** Slots on either side that are averaged in when reading. */
  smoothing: number
}

/**
 * A decayed mean per phase slot. Phase is counted in steps from the first observation, so no calendar or
 * time zone is needed. Unseen slots read as NaN.
 */
export class SeasonalProfile {
  readonly active: boolean
  private readonly slots: Float32Array
  private readonly slotCount: number
  private readonly options: ProfileOptions

  constructor(slab: Slab, options: ProfileOptions) {
    this.options = options
    const { periodSeconds, stepSeconds, maxSlots } = options
    this.active = periodSeconds >= 4 * stepSeconds
    this.slotCount = this.active
      ? Math.max(1, Math.min(maxSlots, Math.round(periodSeconds / stepSeconds)))
      : 1
    this.slots = slab.f32(`profile.${options.name}`, this.slotCount, Number.NaN)
  }

  /** Steps in one period. */
  get periodSteps(): number {
    return this.options.periodSeconds / this.options.stepSeconds
  }

  /** Steps after which a value may be learned so that reading the slot of "now" does not see its own period. */
  get delay(): number {
    const stepsPerSlot = this.active ? Math.ceil(this.periodSteps / this.slotCount) : 1
    return (this.options.smoothing + 1) * stepsPerSlot
  }

  /** Value expected at step `step` (any step, past or future). */
  read(step: number): number {
    if (!this.active) return Number.NaN
    const slot = this.slotOf(step)
    const reach = this.options.smoothing
    if (reach === 0) return at32(this.slots, slot)
    let sum = 0
    let count = 0
    for (let offset = -reach; offset <= reach; offset++) {
      const value = at32(this.slots, (slot + offset + this.slotCount) % this.slotCount)
      if (!Number.isNaN(value)) {
        sum += value
        count++
      }
    }
    return count === 0 ? Number.NaN : sum / count
  }

  learn(step: number, value: number): void {
    if (!this.active) return
    const { periodSeconds, stepSeconds, alpha } = this.options
    const slot = this.slotOf(step)
    const before = at32(this.slots, slot)
    const periods = 1 + Math.floor((step * stepSeconds) / periodSeconds)
    const stepsPerSlot = Math.max(1, periodSeconds / stepSeconds / this.slotCount)
    const perPeriod = Math.max(alpha, 1 / periods)
    const weight = stepsPerSlot > 1 && perPeriod < 1 ? 1 - (1 - perPeriod) ** (1 / stepsPerSlot) : perPeriod
    this.slots[slot] = !Number.isNaN(before) ? before + weight * (value - before) : value
  }

  private slotOf(step: number): number {
    const { periodSeconds, stepSeconds } = this.options
    const phase = (step * stepSeconds) % periodSeconds
    return Math.min(this.slotCount - 1, Math.floor((phase / periodSeconds) * this.slotCount + 1e-9))
  }
}
