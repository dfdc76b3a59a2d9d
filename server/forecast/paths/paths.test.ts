import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/rng.ts'
import { leadGrid } from '../lead-grid.ts'
import { Slab } from '../numeric/slab.ts'
import { exceedance } from '../quantile-function.ts'
import { detectSurge } from '../surge.ts'
import { JointRankMemory, rankWithin } from './joint-ranks.ts'
import { passProbability, rankTable, safety } from './sample-paths.ts'

const LEVELS = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]
const NORMAL = [-2.326, -1.645, -1.282, -0.674, 0, 0.674, 1.282, 1.645, 2.326]
const HORIZON = 12
const GRID = leadGrid(HORIZON)

/** y[t+1] = 100 + φ (y[t] − 100) + noise, with its exact forecast. */
function autoregression(phi: number, seed: number) {
  const random = seededRandom(seed)
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const spread = (lead: number) =>
    Math.sqrt(GRID.slice(0, lead).reduce((sum, _, k) => sum + phi ** (2 * k), 0))
  const quantiles = (value: number, lead: number) =>
    NORMAL.map((z) => 100 + phi ** lead * (value - 100) + spread(lead) * z)
  return { next: (value: number) => 100 + phi * (value - 100) + gauss(), quantiles }
}

function learned(phi: number, steps: number) {
  const process = autoregression(phi, 5)
  const memory = new JointRankMemory(new Slab(), GRID, LEVELS, HORIZON)
  let value = 100
  for (let step = 0; step < steps; step++) {
    value = process.next(value)
    memory.learn(step, value)
    memory.record(step, Float64Array.from(GRID.flatMap((lead) => process.quantiles(value, lead))))
  }
  const leads = GRID.map((lead) => ({
    lead,
    at: new Date(Date.UTC(2026, 0, 1, 14, 5 * lead)).toISOString(),
    values: process.quantiles(100, lead),
  }))
  return { levels: LEVELS, leads, joint: memory.toJoint(), process }
}

describe('sample paths', () => {
  it.each([0, 0.6, 0.95])(
    'know how likely an autoregression of %d passes a height within the horizon',
    (phi) => {
      const { process, ...forecast } = learned(phi, 600)
      const height = forecast.leads.at(-1)?.values[6] ?? 0
      let passed = 0
      for (let run = 0; run < 4_000; run++) {
        let value = 100
        let top = 0
        for (let lead = 0; lead < HORIZON; lead++) {
          value = process.next(value)
          top = Math.max(top, value)
        }
        if (top > height) passed++
      }
      const single = Math.max(...safety(forecast, height).map((safe) => 1 - safe))
      expect(Math.abs(passProbability(forecast, height) - passed / 4_000)).toBeLessThan(0.09)
      expect(passed / 4_000 - single).toBeGreaterThan(0.09)
    },
  )

  it('keep the probability of a single lead exactly and are never below the largest, however rare', () => {
    const { process: _, ...forecast } = learned(0.8, 400)
    fc.assert(
      fc.property(fc.double({ min: 95, max: 115, noNaN: true }), (height) => {
        const alone = forecast.leads.map((lead) => {
          const chance = passProbability({ ...forecast, leads: [lead] }, height)
          expect(chance).toBeCloseTo(exceedance(LEVELS, lead.values, height), 9)
          return chance
        })
        const together = passProbability(forecast, height)
        expect(together).toBeGreaterThanOrEqual(Math.max(...alone) - 1e-12)
        expect(together).toBeLessThanOrEqual(alone.reduce((sum, chance) => sum + chance, 0) + 1e-12)
      }),
    )
  })

  it('are the single-lead rule without joint ranks, and near it with few', () => {
    const { process: _, ...forecast } = learned(0, 300)
    const single = Math.max(...safety(forecast, 101.5).map((safe) => 1 - safe))
    expect(passProbability({ ...forecast, joint: null }, 101.5)).toBe(single)
    const { joint: few } = learned(0, 18)
    expect(few?.samples).toBeLessThan(5)
    expect(passProbability({ ...forecast, joint: few }, 101.5)).toBeLessThan(2.5 * single)
  })

  it('rank each lead over all rows, once each', () => {
    const { joint } = learned(0.5, 500)
    if (joint === null) throw new Error('no rows')
    const { samples, leads, ranks } = rankTable(joint)
    expect(samples).toBe(128)
    for (let lead = 0; lead < leads; lead++) {
      const column = Array.from({ length: samples }, (_, row) => ranks[row * leads + lead] ?? -1)
      expect(column.sort((a, b) => a - b)).toEqual(Array.from({ length: samples }, (_, rank) => rank))
    }
  })

  it('leave out origins whose targets were mostly never measured', () => {
    const memory = new JointRankMemory(new Slab(), GRID, LEVELS, HORIZON)
    const { process } = learned(0, 1)
    const issued = Float64Array.from(GRID.flatMap((lead) => process.quantiles(100, lead)))
    for (let step = 0; step < 60; step++) {
      memory.learn(step, step > 20 && step < 40 ? Number.NaN : 100)
      if (step <= 20 || step >= 40) memory.record(step, issued)
    }
    // Origins 0 to 14 and 40 to 46, every second of them.
    expect(memory.toJoint()?.samples).toBe(8 + 4)
  })
})

describe('rankWithin', () => {
  const quantiles = Float64Array.from([0, 0, 4, 8])
  it('is the level at a quantile, between levels, and spread over a value that many levels share', () => {
    const levels = [0.2, 0.5, 0.7, 0.9]
    expect(rankWithin(levels, quantiles, 4, 0.3)).toBe(0.7)
    expect(rankWithin(levels, quantiles, 6, 0.3)).toBeCloseTo(0.8, 12)
    expect(rankWithin(levels, quantiles, 0, 0.4)).toBeCloseTo(0.2, 12)
    expect(rankWithin(levels, quantiles, 12, 0)).toBeCloseTo(1 - 0.1 * Math.exp(-1), 12)
  })
})

describe('detectSurge on paths', () => {
  const { process: _, ...calm } = learned(0.6, 600)
  // A hill: demand rises at lead 5 and falls back at lead 9.
  const leads = calm.leads.map((lead) => ({
    ...lead,
    values: lead.values.map((value) => value + (lead.lead >= 5 && lead.lead <= 8 ? 10 : 0)),
  }))
  const surge = detectSurge({ ...calm, leads, capacity: 105, minProbability: 0.3 })

  it('says when it begins and how long it lasts', () => {
    expect(surge?.probability).toBeGreaterThan(0.99)
    expect(surge?.onset?.p50).toBe(leads[4]?.at)
    expect(surge?.lengthSeconds?.p50).toBe(4 * 300)
    expect(surge?.endsAt).toBe(leads[7]?.at)
    expect(surge?.openShare).toBeLessThan(0.05)
  })

  it('must begin within the leads asked for', () => {
    expect(detectSurge({ ...calm, leads, capacity: 105, minProbability: 0.3, within: 4 })).toBeNull()
  })

  it('sees one that no single lead shows', () => {
    const height = calm.leads[0]?.values[7] ?? 0
    const asked = { ...calm, capacity: height, minProbability: 0.3 }
    expect(detectSurge({ ...asked, joint: null })).toBeNull()
    expect(detectSurge(asked)?.probability).toBeGreaterThan(0.3)
  })
})
