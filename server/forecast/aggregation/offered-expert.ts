import { InvalidInputError } from '../../kernel/errors.ts'
import { at } from '../numeric/arrays.ts'
import type { Slab } from '../numeric/slab.ts'
import type { QuantileExpert } from './quantile-expert.ts'

/** Name of an expert that was not offered anything yet. */
const UNNAMED = 'own forecaster'
/** Longest name that is kept; it is part of the state, so that a restored engine says the same. */
const MAX_NAME = 40

/** A forecaster outside of the engine: it speaks of an origin only when it was offered for that origin. */
export class OfferedExpert implements QuantileExpert {
  private readonly grid: readonly number[]
  private readonly levels: number
  private readonly quantiles: Float64Array
  /** Character codes of the name, zeros after it. */
  private readonly codes: Float32Array

  constructor(slab: Slab, grid: readonly number[], levels: number) {
    this.grid = grid
    this.levels = levels
    this.quantiles = slab.f64('offered', grid.length * levels, Number.NaN)
    this.codes = slab.f32('offered name', MAX_NAME)
  }

  get name(): string {
    if (this.codes[0] === 0) return UNNAMED
    return String.fromCharCode(...this.codes).replaceAll('\0', '')
  }

  /**
   * Takes quantiles of leads 1 … horizon of the current origin, one row per lead, one value per level.
   * @throws InvalidInputError when a row is missing, has another length, or holds a number that is not finite.
   */
  offer(name: string, quantiles: readonly (readonly number[])[], horizon: number): void {
    if (quantiles.length !== horizon) {
      throw new InvalidInputError(`"${name}" gave ${quantiles.length} leads, expected ${horizon}.`)
    }
    for (const [i, row] of quantiles.entries()) {
      if (row.length !== this.levels || !row.every(Number.isFinite)) {
        throw new InvalidInputError(
          `"${name}" must give ${this.levels} finite quantiles for lead ${i + 1}, got ${JSON.stringify(row)}.`,
        )
      }
    }
    for (let i = 0; i < MAX_NAME; i++) this.codes[i] = i < name.length ? name.charCodeAt(i) : 0
    for (const [g, lead] of this.grid.entries()) {
      this.quantiles.set(quantiles[lead - 1] ?? [], g * this.levels)
    }
  }

  /** What was offered held for one origin only. */
  learn(): void {
    this.quantiles.fill(Number.NaN)
  }

  locate(out: Float64Array, offset: number): void {
    for (let i = 0; i < this.quantiles.length; i++) out[offset + i] = at(this.quantiles, i)
  }
}
