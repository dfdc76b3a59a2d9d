import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Action, CapacitySnapshot, PlanInput } from '../contract.ts'
import { inverse } from '../inverse.ts'
import { project } from './project.ts'
import { anyFleet } from './testing/any-fleet.ts'
import { brokenAt, everyMoment } from './testing/every-moment.ts'

const runs = { numRuns: 250 }
const poolsOf = (inputs: readonly PlanInput[]): CapacitySnapshot[] =>
  inputs.flatMap(({ capacity, otherPools }) => [capacity, ...otherPools])
const changeOf = ({ fromReplicas, toReplicas }: Action) => toReplicas - fromReplicas

describe('whatever is wanted', { timeout: 30_000 }, () => {
  test('every bound, quota, budget and rule holds at every moment of the stages', () => {
    fc.assert(
      fc.property(anyFleet, ({ inputs, wanted }) => {
        const { actions } = project(inputs, wanted)
        for (const levels of everyMoment(poolsOf(inputs), actions))
          expect(brokenAt(inputs, levels)).toEqual([])
      }),
      runs,
    )
  })

  test('every moment of the way back holds as well', () => {
    fc.assert(
      fc.property(anyFleet, ({ inputs, wanted }) => {
        const { actions } = project(inputs, wanted)
        const back = inverse(actions) ?? []
        const there = everyMoment(poolsOf(inputs), actions).map((levels) => JSON.stringify([...levels]))
        const after = poolsOf(inputs).map((pool) => {
          const to = actions.find(({ poolId }) => poolId === pool.poolId)?.toReplicas
          return { ...pool, desiredReplicas: to ?? pool.desiredReplicas }
        })
        for (const levels of everyMoment(after, back)) expect(there).toContain(JSON.stringify([...levels]))
      }),
      runs,
    )
  })

  test('steps, places and stale telemetry are respected, and no action goes further than wanted', () => {
    fc.assert(
      fc.property(anyFleet, ({ inputs, wanted }) => {
        const { actions } = project(inputs, wanted)
        expect(new Set(actions.map(({ poolId }) => poolId)).size).toBe(actions.length)
        for (const action of actions) {
          const input = inputs.find((one) => poolsOf([one]).some(({ poolId }) => poolId === action.poolId))
          const pool = poolsOf(inputs).find(({ poolId }) => poolId === action.poolId)
          const to = wanted.find(({ poolId }) => poolId === action.poolId)?.toReplicas ?? 0
          if (!input || !pool) throw new Error('an action on no pool')
          const { policy, workload } = input
          const change = changeOf(action)
          expect(change).not.toBe(0)
          expect(Math.sign(change)).toBe(Math.sign(to - pool.desiredReplicas))
          expect(Math.abs(change)).toBeLessThanOrEqual(Math.abs(to - pool.desiredReplicas))
          expect(Math.abs(change)).toBeLessThanOrEqual(change > 0 ? policy.maxStepUp : policy.maxStepDown)
          if (change < 0) expect(input.lastSampleAt).not.toBe('2026-03-01T00:00:00.000Z')
          else {
            expect(policy.allowedRegions).toContain(pool.domain.region)
            expect(pool.domain.securityTier).toBeGreaterThanOrEqual(workload.requiredSecurityTier)
          }
        }
      }),
      runs,
    )
  })

  test('no workload has less at any moment than the lesser of what it has and what it was meant to have', () => {
    fc.assert(
      fc.property(anyFleet, ({ inputs, wanted }) => {
        const { actions } = project(inputs, wanted)
        const levels = new Map(wanted.map(({ poolId, toReplicas }) => [poolId, toReplicas]))
        for (const input of inputs) {
          const own = poolsOf([input])
          const units = (at: ReadonlyMap<string, number>) =>
            own.reduce((sum, pool) => {
              return sum + pool.capacityPerReplica * (at.get(pool.poolId) ?? pool.desiredReplicas)
            }, 0)
          const least = Math.min(units(new Map()), units(levels))
          for (const moment of everyMoment(poolsOf(inputs), actions))
            expect(units(moment)).toBeGreaterThanOrEqual(least - 1e-6)
        }
      }),
      runs,
    )
  })

  test('projecting the outcome again changes nothing', () => {
    fc.assert(
      fc.property(anyFleet, ({ inputs, wanted }) => {
        const once = project(inputs, wanted)
        const twice = project(inputs, once.actions)
        expect(twice).toEqual({ actions: once.actions, cuts: [] })
      }),
      runs,
    )
  })

  test('what is held back is said', () => {
    fc.assert(
      fc.property(anyFleet, ({ inputs, wanted }) => {
        const { actions, cuts } = project(inputs, wanted)
        const missed = wanted.filter(({ poolId, toReplicas }) => {
          const pool = poolsOf(inputs).find((one) => one.poolId === poolId)
          const level =
            actions.find((action) => action.poolId === poolId)?.toReplicas ?? pool?.desiredReplicas
          return level !== toReplicas
        })
        expect(cuts).toHaveLength(missed.length)
      }),
      runs,
    )
  })
})
