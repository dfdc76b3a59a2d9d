import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Action, CapacitySnapshot, PlanInput } from '../contract.ts'
import { anyFleet } from '../safety/testing/any-fleet.ts'
import { brokenAt, everyMoment } from '../safety/testing/every-moment.ts'
import { planGroup } from './plan-group.ts'
import { planWorkload } from './plan-workload.ts'
import { loadSolver } from './solver.ts'

const solver = await loadSolver()
const runs = { numRuns: 60 }
const poolsOf = (inputs: readonly PlanInput[]): CapacitySnapshot[] =>
  inputs.flatMap(({ capacity, otherPools }) => [capacity, ...otherPools])

/** Plans of a group that are carried out at once: stage by stage, all of them in any mixture. */
function sideBySide(inputs: readonly PlanInput[]): Action[] {
  return planGroup(inputs, solver).flatMap(({ outcome }) =>
    outcome.kind === 'propose' ? outcome.content.actions : [],
  )
}

describe('whatever is forecast', { timeout: 60_000 }, () => {
  test('a plan of one workload keeps every bound, quota and rule at every moment, and never takes away on stale telemetry', () => {
    fc.assert(
      fc.property(anyFleet, fc.boolean(), ({ inputs }, solved) => {
        for (const input of inputs) {
          const outcome = planWorkload(input, solved ? solver : null)
          if (outcome.kind === 'hold') continue
          const { actions, allowed, effect, actBy, expiresAt, alternatives } = outcome.content
          expect(allowed).toBe(true)
          expect(actions.length).toBeGreaterThan(0)
          expect(Date.parse(actBy)).toBeLessThanOrEqual(Date.parse(expiresAt))
          expect(alternatives[0]?.kind).toBe('do-nothing')
          if (effect.peakCostPerHourUsd !== undefined)
            expect(effect.peakCostPerHourUsd).toBeGreaterThanOrEqual(effect.costPerHourUsd - 1e-9)
          for (const levels of everyMoment(poolsOf([input]), actions))
            expect(brokenAt([input], levels)).toEqual([])
          if (input.lastSampleAt === '2026-03-01T00:00:00.000Z')
            for (const { fromReplicas, toReplicas } of actions)
              expect(toReplicas).toBeGreaterThan(fromReplicas)
        }
      }),
      runs,
    )
  })

  test('plans of a group keep what they share at every moment, however far each is carried out', () => {
    fc.assert(
      fc.property(anyFleet, ({ inputs }) => {
        const plans = planGroup(inputs, solver).flatMap(({ outcome }) =>
          outcome.kind === 'propose' ? [outcome.content.actions] : [],
        )
        let reached = [new Map<string, number>()]
        for (const actions of plans) {
          const own = new Set(actions.map(({ poolId }) => poolId))
          const steps = everyMoment(poolsOf(inputs), actions).map((levels) =>
            [...levels].filter(([id]) => own.has(id)),
          )
          reached = reached
            .flatMap((before) => steps.map((step) => new Map([...before, ...step])))
            .slice(0, 5_000)
        }
        const present = poolsOf(inputs).map(
          ({ poolId, desiredReplicas }) => [poolId, desiredReplicas] as const,
        )
        for (const levels of reached) expect(brokenAt(inputs, new Map([...present, ...levels]))).toEqual([])
      }),
      runs,
    )
  })

  test('the same inputs give the same plans', () => {
    fc.assert(
      fc.property(anyFleet, ({ inputs }) => {
        expect(JSON.stringify(sideBySide(structuredClone(inputs)))).toBe(JSON.stringify(sideBySide(inputs)))
      }),
      { numRuns: 20 },
    )
  })
})
