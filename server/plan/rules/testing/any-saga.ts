import fc from 'fast-check'
import type { Action, CapacitySnapshot, RuleInput, RuleWorld } from '../../contract.ts'
import { testCapacity } from '../../testing/plan-input.ts'
import { rulePoolOf } from '../of-input.ts'
import { ruleWorkload, ruleWorld, setPoint } from './rule-world.ts'

export type AnySaga = { world: RuleWorld; pools: CapacitySnapshot[]; actions: Action[] }

const anyPool = fc.record({
  workloadId: fc.constantFrom('w', 'v'),
  market: fc.constantFrom('on_demand' as const, 'spot' as const),
  jurisdiction: fc.constantFrom('EU', 'US'),
  securityTier: fc.integer({ min: 1, max: 5 }),
  pricePerReplicaHourUsd: fc.constantFrom(1, 2.5, 7),
  carbonGPerKwh: fc.constantFrom(20, 300),
  capacityPerReplica: fc.constantFrom(5, 10, 30),
  desiredReplicas: fc.integer({ min: 0, max: 30 }),
  toReplicas: fc.integer({ min: 0, max: 60 }),
  stage: fc.integer({ min: 0, max: 2 }),
  acts: fc.boolean(),
})

const enforcement = fc.constantFrom('advisory' as const, 'soft-mandatory' as const, 'hard-mandatory' as const)
const per = fc.constantFrom('workload' as const, 'team' as const, 'scope' as const)
const frozen = { repeat: 'once', from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' } as const
const anyRule: fc.Arbitrary<RuleInput> = fc.oneof(
  fc.record({
    kind: fc.constant('cost-per-hour' as const),
    limitUsd: fc.integer({ min: 1, max: 200 }),
    per,
    enforcement,
    name: fc.constant('cost'),
  }),
  fc.record({
    kind: fc.constant('cost-per-month' as const),
    limitUsd: fc.integer({ min: 15_000, max: 15_400 }),
    per: fc.constant('team' as const),
    enforcement,
    name: fc.constant('month'),
  }),
  fc.record({
    kind: fc.constant('carbon' as const),
    limit: fc.integer({ min: 10, max: 9_000 }),
    per,
    enforcement,
    name: fc.constant('carbon'),
  }),
  fc.record({
    kind: fc.constant('spot-share' as const),
    maxShare: fc.double({ min: 0, max: 0.99, noNaN: true }),
    enforcement,
    name: fc.constant('spot'),
  }),
  fc.record({
    kind: fc.constant('jurisdictions' as const),
    allowed: fc.array(fc.constant('EU'), { minLength: 1, maxLength: 1 }),
    enforcement,
    name: fc.constant('eu'),
    scope: fc.constantFrom({}, { workload: 'v' }),
  }),
  fc.record({
    kind: fc.constant('security-tier' as const),
    minimum: fc.integer({ min: 1, max: 5 }),
    enforcement,
    name: fc.constant('tier'),
  }),
  fc.record({
    kind: fc.constant('step-limit' as const),
    maxUp: fc.integer({ min: 1, max: 30 }),
    maxDown: fc.integer({ min: 1, max: 30 }),
    enforcement,
    name: fc.constant('step'),
  }),
  fc.record({
    kind: fc.constant('freeze' as const),
    window: fc.constant(frozen),
    blocks: fc.constantFrom('everything' as const, 'falls' as const),
    enforcement,
    name: fc.constant('freeze'),
    scope: fc.constant({ workload: 'v' }),
  }),
)

/** Two workloads of one team on up to four pools, rules of any kind, and set-points in up to three stages. */
export const anySaga: fc.Arbitrary<AnySaga> = fc
  .tuple(
    fc.array(anyPool, { minLength: 1, maxLength: 4 }),
    fc.uniqueArray(anyRule, { maxLength: 4, selector: ({ name }) => name }),
  )
  .map(([drawn, rules]) => {
    const pools = drawn.map((pool, i): CapacitySnapshot => {
      const { market, pricePerReplicaHourUsd, jurisdiction, securityTier, carbonGPerKwh } = pool
      return {
        ...testCapacity,
        poolId: `p${i}`,
        workloadId: pool.workloadId,
        control: 'replicas',
        domain: { ...testCapacity.domain, jurisdiction, securityTier, carbonGPerKwh },
        offering: { ...testCapacity.offering, market, pricePerReplicaHourUsd },
        capacityPerReplica: pool.capacityPerReplica,
        desiredReplicas: pool.desiredReplicas,
      }
    })
    const actions = drawn.flatMap(({ acts, desiredReplicas, toReplicas, stage }, i) =>
      acts && desiredReplicas !== toReplicas
        ? [setPoint(desiredReplicas, toReplicas, { poolId: `p${i}`, stage })]
        : [],
    )
    const world = ruleWorld(rules, {
      workloads: [ruleWorkload, { ...ruleWorkload, id: 'v', name: 'v' }],
      pools: pools.map((pool) => rulePoolOf(pool, 'w', 0)),
    })
    return { world, pools, actions }
  })
