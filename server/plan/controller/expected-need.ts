import { exceedance } from '../../forecast/index.ts'
import type { DemandQuantiles } from './state.ts'

/** Leads that are all looked at; beyond them a long horizon is looked at more coarsely, as it is forecast. */
const DENSE_LEADS = 16
const COARSER = 1.4

/** `need[j]` at lead j + 1, and `before[j]`, the sum of the first j of them. */
export type NeedRow = { need: Float64Array; before: Float64Array }

/**
 * How much of the n-th replica is needed at each lead, as a mean over what may come: E[min(1, max(0, D/u − (n − 1)))] for
 * demand D and u units a replica. What a replica is worth is this times the penalty for one that is short.
 */
export class ExpectedNeed {
  /** Leads 1 … horizon. */
  readonly horizon: number
  private readonly leads: number[]
  private readonly unit: number
  private readonly halves = new Map<number, Float64Array>()
  private readonly rows = new Map<number, NeedRow>()
  private forecast: DemandQuantiles = { levels: [], leads: [] }

  constructor(horizon: number, unit: number) {
    this.horizon = horizon
    this.unit = unit
    this.leads = leadsToLookAt(horizon)
  }

  /** Takes another forecast; one that ends earlier holds on with its last lead. */
  read(forecast: DemandQuantiles): void {
    this.forecast = forecast
    this.halves.clear()
    this.rows.clear()
  }

  /** The need of replica `n` ≥ 1. */
  of(n: number): NeedRow {
    const known = this.rows.get(n)
    if (known !== undefined) return known
    const [below, middle, above] = [2 * n - 2, 2 * n - 1, 2 * n].map((half) => this.chanceAbove(half))
    const need = new Float64Array(this.horizon)
    const before = new Float64Array(this.horizon + 1)
    for (let j = 0; j < need.length; j++) {
      // Simpson's rule for the mean of P(D > x) over the replica.
      const each = ((below?.[j] ?? 0) + 4 * (middle?.[j] ?? 0) + (above?.[j] ?? 0)) / 6
      need[j] = each
      before[j + 1] = (before[j] ?? 0) + each
    }
    const row = { need, before }
    this.rows.set(n, row)
    return row
  }

  /** P(D > half · u / 2) at every lead. */
  private chanceAbove(half: number): Float64Array {
    const known = this.halves.get(half)
    if (known !== undefined) return known
    const { levels, leads } = this.forecast
    const row = new Float64Array(this.horizon)
    let from = 0
    for (const lead of this.leads) {
      const values = leads[lead - 1] ?? leads.at(-1) ?? []
      row[lead - 1] = exceedance(levels, values, (half * this.unit) / 2)
      for (let j = from + 1; j < lead; j++) {
        const low = row[from - 1] ?? 0
        row[j - 1] = low + ((j - from) / (lead - from)) * ((row[lead - 1] ?? low) - low)
      }
      from = lead
    }
    this.halves.set(half, row)
    return row
  }
}

function leadsToLookAt(horizon: number): number[] {
  const leads: number[] = []
  for (let lead = 1; lead < horizon; lead = lead < DENSE_LEADS ? lead + 1 : Math.ceil(lead * COARSER))
    leads.push(lead)
  return [...leads, horizon]
}
