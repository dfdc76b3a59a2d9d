import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Action, RulePool, RuleWorld } from '../contract.ts'
import { isAllowed } from '../policy.ts'
import { testCapacity } from '../testing/plan-input.ts'
import { checkRules, ruleBook } from './check.ts'
import { stagesOf } from './moments.ts'
import { hoursLeftOfMonth } from './month.ts'
import { conflictOf, keyOf, nearest, refusals, type Search } from './nearest.ts'
import { type AnySaga, anySaga } from './testing/any-saga.ts'
import { rulePool, ruleWorld, setPoint } from './testing/rule-world.ts'

const searchOf = ({ world, pools, actions }: AnySaga): Search => ({
  wanted: { actions },
  pools,
  judge: ruleBook(world),
})

/** Levels of all pools after every mixture of the actions of each stage: what can be seen while it is carried out. */
function everyMoment(world: RuleWorld, actions: Action[]): Map<string, number>[] {
  const levels = new Map(world.pools.map(({ poolId, level }) => [poolId, level]))
  return stagesOf(actions).flatMap((stage) => {
    const mixtures = Array.from({ length: 2 ** stage.length }, (_, mask) => {
      const mixed = new Map(levels)
      for (const [i, { poolId, toReplicas }] of stage.entries())
        if (mask & (1 << i)) mixed.set(poolId, toReplicas)
      return mixed
    })
    for (const { poolId, toReplicas } of stage) levels.set(poolId, toReplicas)
    return mixtures
  })
}

/** What a limit on levels comes to, written down once more, from the rule's own words. */
function measure(rule: RuleWorld['ruleSet']['rules'][number], pools: RulePool[], world: RuleWorld) {
  return (levels: ReadonlyMap<string, number>): number | null => {
    const sum = (of: (pool: RulePool) => number, within = pools) =>
      within.reduce((total, pool) => total + of(pool) * (levels.get(pool.poolId) ?? 0), 0)
    const cost = sum(({ pricePerHourUsd }) => pricePerHourUsd)
    if (rule.kind === 'cost-per-hour') return cost / rule.limitUsd
    if (rule.kind === 'carbon') return sum(({ carbonGPerHour }) => carbonGPerHour) / rule.limit
    if (rule.kind === 'cost-per-month') {
      const members = new Set(pools.map(({ workloadId }) => workloadId))
      const stays = world.spanSeconds / 3_600
      const spent = world.workloads.reduce(
        (total, one) =>
          total + one.spentThisMonthUsd + one.usualCostPerHourUsd * (hoursLeftOfMonth(world.now) - stays),
        0,
      )
      // All of one team: those without a pool spend as well.
      return members.size > 0 ? (spent + cost * stays) / rule.limitUsd : null
    }
    if (rule.kind !== 'spot-share') return null
    const spot = pools.filter(({ market }) => market === 'spot')
    const all = sum(({ capacity }) => capacity)
    return all === 0 ? 0 : sum(({ capacity }) => capacity, spot) / all
  }
}

test('a plan that passes has no limit broken at any moment of its stages', () => {
  fc.assert(
    fc.property(anySaga, ({ world, actions }) => {
      const failed = new Set(refusals(checkRules({ actions }, world)).map(keyOf))
      for (const rule of world.ruleSet.rules) {
        if (rule.enforcement === 'advisory' || failed.has(rule.name)) continue
        const shared = 'per' in rule && rule.per !== 'workload'
        const groups = shared
          ? [world.pools]
          : [...Map.groupBy(world.pools, (pool) => pool.workloadId).values()]
        for (const pools of groups) {
          if (!actions.some(({ poolId }) => pools.some((pool) => pool.poolId === poolId))) continue
          const value = measure(rule, pools, world)
          const before = value(new Map(pools.map(({ poolId, level }) => [poolId, level])))
          if (before === null) continue
          const most = rule.kind === 'spot-share' ? rule.maxShare : 1
          for (const levels of everyMoment(world, actions))
            expect(value(levels) ?? 0).toBeLessThanOrEqual(Math.max(most, before) + 1e-6)
        }
      }
    }),
    { numRuns: 2_000 },
  )
})

test('no cost or carbon rule refuses a plan that only takes away', () => {
  fc.assert(
    fc.property(anySaga, ({ world, actions }) => {
      const falls = actions.filter(({ fromReplicas, toReplicas }) => toReplicas < fromReplicas)
      const limits = ['cost-per-hour', 'cost-per-month', 'carbon']
      expect(
        refusals(checkRules({ actions: falls }, world)).filter(({ rule }) => limits.includes(rule)),
      ).toEqual([])
    }),
  )
})

test('the nearest alternative passes every mandatory rule; where there is none, a minimal conflict is named', () => {
  fc.assert(
    fc.property(anySaga, (saga) => {
      if (saga.actions.length === 0) return
      const search = searchOf(saga)
      const found = nearest(search)
      if (found !== null) {
        const results = checkRules({ actions: found.actions }, saga.world)
        expect(refusals(results)).toEqual([])
        expect(isAllowed(results)).toBe(true)
        expect(found.actions.length).toBeGreaterThan(0)
        return
      }
      const conflict = new Set(conflictOf(search))
      expect(conflict.size).toBeGreaterThan(0)
      expect(nearest(search, conflict)).not.toBeNull()
      for (const name of conflict) {
        const fewer = new Set([...conflict].filter((other) => other !== name))
        expect(nearest(search, fewer)).toBeNull()
      }
    }),
    { numRuns: 500 },
  )
})

test('the nearest of one set-point is the nearest there is: no level closer to it passes', () => {
  fc.assert(
    fc.property(anySaga, (saga) => {
      const action = saga.actions[0]
      if (!action) return
      const search = { ...searchOf({ ...saga, actions: [action] }), pools: saga.pools.slice(0, 1) }
      const found = nearest(search)?.actions[0]?.toReplicas ?? action.fromReplicas
      const step = Math.sign(action.toReplicas - action.fromReplicas)
      for (let level = found + step; level !== action.toReplicas + step; level += step) {
        if (found === action.toReplicas) break
        const results = search.judge({ actions: [{ ...action, toReplicas: level }] })
        expect(refusals(results).length).toBeGreaterThan(0)
      }
    }),
  )
})

/** Capacity that the actions bring or take, and what they add to the cost of an hour. */
const worthOf = (pools: AnySaga['pools'], actions: readonly Action[]) => {
  const sum = (of: (action: Action, pool: AnySaga['pools'][number] | undefined) => number) =>
    actions.reduce(
      (total, action) =>
        total +
        of(
          action,
          pools.find((p) => p.poolId === action.poolId),
        ),
      0,
    )
  return {
    done: sum(
      ({ fromReplicas: a, toReplicas: b }, pool) => Math.abs(b - a) * (pool?.capacityPerReplica ?? 0),
    ),
    costUsd: sum(
      ({ fromReplicas: a, toReplicas: b }, pool) => (b - a) * (pool?.offering.pricePerReplicaHourUsd ?? 0),
    ),
  }
}

/** Every mixture of levels from what stands to what is wanted. */
function everyPlan(actions: readonly Action[]): Action[][] {
  return actions.reduce<Action[][]>(
    (plans, action) => {
      const step = Math.sign(action.toReplicas - action.fromReplicas)
      const size = Math.abs(action.toReplicas - action.fromReplicas)
      const levels = Array.from({ length: size }, (_, k) => ({
        ...action,
        toReplicas: action.fromReplicas + step * (k + 1),
      }))
      return plans.flatMap((plan) => [plan, ...levels.map((level) => [...plan, level])])
    },
    [[]],
  )
}

/** What stands and what is wanted at most seven apart, so that all mixtures can be tried. */
const small = (actions: readonly Action[], most: number): Action[] =>
  actions.slice(0, 2).map((action) => {
    const change = Math.max(-most, Math.min(most, action.toReplicas - action.fromReplicas))
    return { ...action, toReplicas: action.fromReplicas + change }
  })

test('the nearest of several set-points is the nearest there is: no mixture of levels that passes is nearer or cheaper', () => {
  let refused = 0
  fc.assert(
    fc.property(anySaga, (saga) => {
      const actions = small(saga.actions, 7)
      if (actions.length < 2) return
      const touched = new Set(actions.map(({ poolId }) => poolId))
      const pools = saga.pools.filter(({ poolId }) => touched.has(poolId))
      const search = { ...searchOf({ ...saga, actions }), pools }
      const passing = everyPlan(actions)
        .filter((plan) => refusals(search.judge({ actions: plan })).length === 0)
        .map((plan) => worthOf(pools, plan))
      const best = passing.reduce((a, b) =>
        b.done > a.done || (b.done === a.done && b.costUsd < a.costUsd) ? b : a,
      )
      const found = worthOf(pools, nearest(search)?.actions ?? [])
      expect(found).toEqual({ done: best.done, costUsd: expect.closeTo(best.costUsd, 9) })
      if (best.done < worthOf(pools, actions).done) refused++
    }),
    { numRuns: 1_000 },
  )
  expect(refused).toBeGreaterThan(50)
})

test('one set-point that complies is not held back with another that does not', () => {
  const world = ruleWorld(
    [{ kind: 'step-limit', name: 'small-steps', maxUp: 3, maxDown: 3, enforcement: 'hard-mandatory' }],
    { pools: [rulePool, { ...rulePool, poolId: 'b', level: 0 }] },
  )
  const pool = { ...testCapacity, desiredReplicas: 6 }
  const pools = ['a', 'b'].map((poolId) => ({ ...pool, poolId }))
  for (const far of [17, 900]) {
    const wanted = { actions: [setPoint(6, 7), setPoint(0, far, { poolId: 'b' })] }
    const found = nearest({ wanted, pools, judge: ruleBook(world) })
    expect(found?.actions.map(({ toReplicas }) => toReplicas)).toEqual([7, 3])
  }
})

test('without a rule, no less of what was wanted can be had', () => {
  fc.assert(
    fc.property(anySaga, (saga) => {
      if (saga.actions.length === 0) return
      const search = searchOf(saga)
      const share = nearest(search)?.share ?? 0
      for (const { name } of saga.world.ruleSet.rules)
        expect(nearest(search, new Set([name]))?.share ?? 0).toBeGreaterThanOrEqual(share - 1e-9)
    }),
    { numRuns: 500 },
  )
})
