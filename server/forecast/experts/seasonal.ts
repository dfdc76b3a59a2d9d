import type { Series } from '../series.ts'
import { type ExpertContext, NO_PARTS, type Parts, type PointExpert } from './point-expert.ts'

/**
 * Seasonal naive on a decayed profile: what this phase of the day or week usually holds. With `shifted`, the
 * profile is moved to the current level, which is right after a lasting change.
 */
export class Seasonal implements PointExpert {
  readonly name: string
  readonly logarithmic = false
  private readonly series: Series
  private readonly profile: number
  private readonly shifted: boolean

  constructor(context: ExpertContext, profile: number, name: string, shifted: boolean) {
    this.series = context.series
    this.profile = profile
    this.name = name
    this.shifted = shifted
  }

  learn(): void {}

  locate(out: Float32Array, offset: number): void {
    const shift = this.shift()
    for (let g = 0; g < this.series.grid.length; g++) {
      out[offset + g] = this.series.profileAhead(this.profile, g) + shift
    }
  }

  explain(leadIndex: number): Parts {
    const { identity } = this.series
    const ahead = this.series.profileAhead(this.profile, leadIndex)
    if (!this.shifted) return { ...NO_PARTS, season: ahead - identity.mean(4) }
    const now = this.series.profileNow(this.profile)
    const level = identity.mean(2) - identity.mean(4)
    return { ...NO_PARTS, season: ahead - now, level, momentum: identity.mean(1) - identity.mean(2) }
  }

  private shift(): number {
    return this.shifted ? this.series.identity.mean(1) - this.series.profileNow(this.profile) : 0
  }
}
