import fc from 'fast-check'
import type { CapacitySnapshot, PlanInput, RuleInput } from '../../contract.ts'
import { rulePoolOf } from '../../rules/of-input.ts'
import { ruleWorkload, ruleWorld } from '../../rules/testing/rule-world.ts'
import { forecastOf, planInput, testCapacity, testPolicy } from '../../testing/plan-input.ts'

const anyPool = fc.record({
  place: fc.integer({ min: 0, max: 2 }),
  capacityPerReplica: fc.constantFrom(5, 10, 30),
  desired: fc.integer({ min: 0, max: 30 }),
  ready: fc.integer({ min: 0, max: 30 }),
  to: fc.integer({ min: 0, max: 60 }),
  control: fc.constantFrom('replicas' as const, 'nodes' as const, 'warm' as const),
})

const anyWorkload = fc.record({
  pools: fc.array(anyPool, { minLength: 1, maxLength: 3 }),
  bounds: fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 80 })),
  maxStepUp: fc.integer({ min: 1, max: 40 }),
  maxStepDown: fc.integer({ min: 1, max: 40 }),
  costLimitPerHourUsd: fc.integer({ min: 1, max: 200 }),
  tier: fc.integer({ min: 1, max: 4 }),
  regions: fc.constantFrom(['eu-west'], ['eu-west', 'us-east'], ['us-east']),
  stale: fc.boolean(),
  medians: fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 40 }),
  spread: fc.double({ min: 0, max: 0.3, noNaN: true }),
})

const anyPlace = fc.record({
  market: fc.constantFrom('on_demand' as const, 'spot' as const, 'owned' as const),
  pricePerReplicaHourUsd: fc.constantFrom(0.5, 2, 7),
  quotaReplicas: fc.integer({ min: 0, max: 60 }),
  leadTimeP90Seconds: fc.constantFrom(0, 240, 900),
  interruptionRatePerHour: fc.constantFrom(0, 0.1),
  region: fc.constantFrom('eu-west', 'us-east'),
  carbonGPerKwh: fc.constantFrom(20, 400),
})

const hard = { enforcement: 'hard-mandatory' } as const
const anyRule: fc.Arbitrary<RuleInput> = fc.oneof(
  fc.integer({ min: 1, max: 300 }).map((limitUsd) => ({
    ...hard,
    name: 'team',
    kind: 'cost-per-hour' as const,
    per: 'team' as const,
    limitUsd,
  })),
  fc
    .double({ min: 0, max: 0.99, noNaN: true })
    .map((maxShare) => ({ ...hard, name: 'spot', kind: 'spot-share' as const, maxShare })),
  fc
    .integer({ min: 10, max: 9_000 })
    .map((limit) => ({ ...hard, name: 'carbon', kind: 'carbon' as const, per: 'scope' as const, limit })),
  fc.constant({ ...hard, name: 'step', kind: 'step-limit' as const, maxUp: 5, maxDown: 2 }),
)

export type AnyFleet = { inputs: PlanInput[]; wanted: { poolId: string; toReplicas: number }[] }

/** One to three workloads on three offerings that they share, policies and rules of any kind, and levels wanted of each pool. */
export const anyFleet: fc.Arbitrary<AnyFleet> = fc
  .tuple(
    fc.array(anyWorkload, { minLength: 1, maxLength: 3 }),
    fc.tuple(anyPlace, anyPlace, anyPlace),
    fc.uniqueArray(anyRule, { maxLength: 3, selector: ({ name }) => name }),
  )
  .map(([workloads, places, rules]) => {
    const poolsOf = workloads.map(({ pools }, w) => {
      // A workload has one pool at an offering.
      const distinct = pools.filter((pool, i) => pools.findIndex(({ place }) => place === pool.place) === i)
      return distinct.map((pool): { to: number; pool: CapacitySnapshot } => {
        const { region, carbonGPerKwh, ...terms } = places[pool.place] ?? places[0]
        return {
          to: pool.to,
          pool: {
            ...testCapacity,
            poolId: `w${w}-${pool.place}`,
            workloadId: `w${w}`,
            targetId: `t-w${w}-${pool.place}`,
            targetName: `w${w}-${pool.place}`,
            control: pool.control,
            domain: {
              ...testCapacity.domain,
              id: `d${pool.place}`,
              name: `d${pool.place}`,
              region,
              carbonGPerKwh,
            },
            offering: { ...testCapacity.offering, ...terms, id: `o${pool.place}` },
            capacityPerReplica: pool.capacityPerReplica,
            desiredReplicas: pool.desired,
            readyReplicas: Math.min(pool.ready, pool.desired),
          },
        }
      })
    })
    const at = Date.parse(planInput().now)
    const world = ruleWorld(rules, {
      workloads: workloads.map((_, w) => ({ ...ruleWorkload, id: `w${w}`, name: `w${w}` })),
      pools: poolsOf.flatMap((own, w) => own.map(({ pool }) => rulePoolOf(pool, `w${w}`, at))),
    })
    const inputs = workloads.map((one, w): PlanInput => {
      const [leading, ...others] = (poolsOf[w] ?? []).map(({ pool }) => pool)
      const { workload } = planInput()
      const input = planInput({
        forecast: forecastOf(one.medians, one.spread),
        workload: { ...workload, id: `w${w}`, name: `w${w}`, requiredSecurityTier: one.tier },
        capacity: leading ?? testCapacity,
        otherPools: others,
        policy: {
          ...testPolicy,
          minReplicas: Math.min(...one.bounds),
          maxReplicas: Math.max(...one.bounds),
          maxStepUp: one.maxStepUp,
          maxStepDown: one.maxStepDown,
          costLimitPerHourUsd: one.costLimitPerHourUsd,
          allowedRegions: [...one.regions],
        },
        rules: world,
      })
      return one.stale ? { ...input, lastSampleAt: '2026-03-01T00:00:00.000Z' } : input
    })
    const wanted = poolsOf.flatMap((own) =>
      own.map(({ pool, to }) => ({ poolId: pool.poolId, toReplicas: to })),
    )
    return { inputs, wanted }
  })
