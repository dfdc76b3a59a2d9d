import { Prisma } from '../kernel/db.ts'
import { type Reading, reading } from '../kernel/reading.ts'
import type { CapacitySnapshot, PlanContent, PlanInput, RuleWorld } from '../plan/contract.ts'
import type { SagaInput } from '../plan/index.ts'
import { notVerified, onItsWay } from './in-flight.ts'
import { storedBinding } from './stored.ts'

/** The plan that is judged, where it is approved itself: it is not held against itself, nor against approvals from `before` on that are not redeemed. */
export type Ours = { proposalId: string; before?: number }

/** What is approved and does not stand yet: by pool the highest level that it may come to, and the proposal that holds it. */
export type Reserved = Map<string, { level: number; proposalNumber: number }>

/** `reserved`: proposals that are approved and do not stand yet, whose levels are counted as if they did. */
export type World = SagaInput & { reserved: number[] }

type Approved = {
  binding: Prisma.JsonValue
  proposalNumber: number
  states: string[] | null
}

/**
 * The levels that approvals on their way to targets of these workloads hold: what is still to be written, and what a plan that is under way may be taken back
 * to. Read under the locks of the limits, nothing that shares a limit can be approved or redeemed beside it.
 */
export function reservedLevels(workloadIds: Prisma.Sql, now: Date, ours?: Ours): Reading<Reserved> {
  const query = Prisma.sql`
    SELECT json_agg(json_build_object('binding', way."binding", 'proposalNumber', way."proposalNumber", 'states', (
      SELECT json_agg(a."state" ORDER BY a."position") FROM "DispatchAction" a WHERE a."dispatchId" = way."dispatchId"))
      ORDER BY way."number")
    FROM ${onItsWay(now, notVerified)} WHERE way."touchedWorkloadIds" && ${workloadIds} AND ${besides(ours)}`
  return reading(query, (approved: Approved[] | null) => reservedBy(approved ?? []))
}

function reservedBy(approved: readonly Approved[]): Reserved {
  const reserved: Reserved = new Map()
  for (const { binding, proposalNumber, states } of approved) {
    const bound = storedBinding(binding)
    const raise = (poolId: string, level: number) => {
      if (level > (reserved.get(poolId)?.level ?? Number.NEGATIVE_INFINITY))
        reserved.set(poolId, { level, proposalNumber })
    }
    bound.actions.forEach(({ poolId, toReplicas }, position) => {
      if ((states?.[position] ?? 'waiting') === 'waiting') raise(poolId, toReplicas)
    })
    const back = bound.format === 'infrasage-approval/2' ? bound.inverse : null
    for (const { poolId, toReplicas } of back ?? []) raise(poolId, toReplicas)
  }
  return reserved
}

function besides(ours: Ours | undefined): Prisma.Sql {
  if (ours === undefined) return Prisma.sql`true`
  const { proposalId, before = null } = ours
  return Prisma.sql`way."proposalId" <> ${proposalId}::uuid
    AND (${before}::int IS NULL OR way."usedAt" IS NOT NULL OR way."number" < ${before}::int)`
}

/** The world with what is reserved in it: pools that the plan does not write stand at the level that they may come to. */
export function withReserved(
  { own, others }: SagaInput,
  reserved: Reserved,
  written: ReadonlySet<string>,
): World {
  if (reserved.size === 0) return { own, others, reserved: [] }
  const raised = new Set<number>()
  const levelOf = (poolId: string, standing: number): number => {
    const held = written.has(poolId) ? undefined : reserved.get(poolId)
    if (held === undefined || held.level <= standing) return standing
    raised.add(held.proposalNumber)
    return held.level
  }
  const held = (pool: CapacitySnapshot): CapacitySnapshot => ({
    ...pool,
    desiredReplicas: levelOf(pool.poolId, pool.desiredReplicas),
  })
  const inRules = (world: RuleWorld): RuleWorld => ({
    ...world,
    pools: world.pools.map((pool) => ({ ...pool, level: levelOf(pool.poolId, pool.level) })),
  })
  const seen = (input: PlanInput): PlanInput => ({
    ...input,
    capacity: held(input.capacity),
    otherPools: input.otherPools.map(held),
    ...(input.beside ? { beside: input.beside.map(held) } : {}),
    ...(input.rules ? { rules: inRules(input.rules) } : {}),
  })
  return { own: seen(own), others: others.map(seen), reserved: [...raised].sort((a, b) => a - b) }
}

/** Limits that several share: what others are approved to come to counts in them. */
const shared: readonly string[] = ['quota', 'cost-per-hour', 'cost-per-month', 'carbon', 'spot-share']

/** The plan, with a word about what is reserved wherever a shared limit refuses it. */
export function toldReserved(content: PlanContent, { reserved }: Pick<World, 'reserved'>): PlanContent {
  if (reserved.length === 0) return content
  const taken = `What ${reserved.map((number) => `#${number}`).join(', ')} may come to is counted: approved, and not done yet.`
  const policyResults = content.policyResults.map((result) =>
    result.passed || !shared.includes(result.rule)
      ? result
      : { ...result, message: `${result.message} ${taken}` },
  )
  return { ...content, policyResults }
}
