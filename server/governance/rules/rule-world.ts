import { Prisma, type Tx } from '../../kernel/db.ts'
import { type Reading, type Readings, read, reading, together } from '../../kernel/reading.ts'
import type { CapacitySnapshot, RuleSet, RuleWorkload, RuleWorld } from '../../plan/contract.ts'
import {
  groupsOf,
  isShared,
  monthOf,
  poolsOfWorkloads,
  rulePoolsOf,
  type Spend,
  spendOf,
} from '../../plan/index.ts'
import { rulesInForce } from './stored-rules.ts'

const hourMs = 3_600_000

/** Published rules, and the workloads that they judge together: those asked for, and whoever shares a limit with one of them. */
export type RuledTogether = { ruleSet: RuleSet; members: RuleWorkload[] }

/** Whom the rules in force judge together with these workloads. `rules` in place of those in force for a draft. */
export function ruledTogether(
  workloadIds: readonly string[] | Prisma.Sql,
  rules?: RuleSet,
): Reading<RuledTogether> {
  const ids = workloadIds instanceof Prisma.Sql ? workloadIds : Prisma.sql`${[...workloadIds]}::uuid[]`
  const anyShared =
    rules === undefined
      ? Prisma.sql`(
          SELECT r."rules" @? '$[*] ? (@.per != "workload")' FROM "RuleSet" r ORDER BY r."version" DESC LIMIT 1)`
      : Prisma.sql`${rules.rules.some(isShared)}::boolean`
  const query = Prisma.sql`
    SELECT json_build_object('rules', (${rulesInForce.query}), 'askedIds', to_json(${ids}), 'workloads', (
      SELECT json_agg(json_build_object('id', w."id", 'name', w."name", 'team', w."team",
        'environment', w."environment", 'dataClassification', w."dataClassification") ORDER BY w."name")
      FROM "Workload" w WHERE w."id" = ANY(${ids}) OR coalesce(${anyShared}, false)))`
  return reading(query, ({ askedIds, workloads, ...json }: StoredRuled) => {
    const ruleSet = rules ?? rulesInForce.of(json.rules)
    return { ruleSet, members: membersOf(ruleSet, workloads ?? [], askedIds ?? []) }
  })
}

type Declared = Pick<RuleWorkload, 'id' | 'name' | 'team' | 'environment' | 'dataClassification'>
type StoredRuled = { rules: unknown; askedIds: string[] | null; workloads: Declared[] | null }

function membersOf({ rules }: RuleSet, declared: Declared[], workloadIds: readonly string[]): RuleWorkload[] {
  const unmeasured = {
    ...{ demandPerSecond: null, changesLastHour: 0, spentThisMonthUsd: 0, usualCostPerHourUsd: 0 },
  }
  const all = declared.map((workload) => ({ ...workload, ...unmeasured }))
  const asked = new Set(workloadIds)
  const wanted = new Set(asked)
  for (const rule of rules.filter(isShared)) {
    if (!('per' in rule)) continue
    for (const { workloads } of groupsOf(rule, all))
      if (workloads.some(({ id }) => asked.has(id))) for (const { id } of workloads) wanted.add(id)
  }
  return all.filter(({ id }) => wanted.has(id))
}

/** What rules measure of their members besides the levels of their pools. */
export type Measured = { spend: Map<string, Spend>; changes: Map<string, number> }

/** What the members of rules cost this month, and how often they changed in the past hour. */
export function measuredOf(memberIds: readonly string[], now: Date): Readings<Measured> {
  return {
    spend: spendOf(memberIds, now, monthOf(now.toISOString()).from),
    changes: changesOf(memberIds, now),
  }
}

/** Changes carried out in the hour before an instant, by workload. */
function changesOf(workloadIds: readonly string[], now: Date): Reading<Map<string, number>> {
  const since = new Date(now.getTime() - hourMs)
  const query = Prisma.sql`
    SELECT json_object_agg("id", "count") FROM (
      SELECT w."id", count(*) AS "count" FROM "Dispatch" x
      JOIN "Decision" d ON d."id" = x."decisionId" JOIN "Proposal" p ON p."id" = d."proposalId"
      CROSS JOIN LATERAL unnest(p."touchedWorkloadIds") AS w("id")
      WHERE x."appliedAt" > ${since}::timestamptz AND x."appliedAt" <= ${now}::timestamptz
        AND w."id" = ANY(${[...workloadIds]}::uuid[])
      GROUP BY w."id") AS changes`
  return reading(query, (counts: Record<string, number> | null) => new Map(Object.entries(counts ?? {})))
}

/** The world that rules are held against, of what was read of their members. Without rules it is empty. */
export function ruleWorldOf(
  { ruleSet, members }: RuledTogether,
  { spend, changes }: Measured,
  seen: readonly CapacitySnapshot[],
  now: Date,
): RuleWorld {
  const empty = { now: now.toISOString(), ruleSet, spanSeconds: 0 }
  if (ruleSet.rules.length === 0) return { ...empty, workloads: [], pools: [] }
  const pools = rulePoolsOf(seen, now)
  const rateOf = (workloadId: string) =>
    pools
      .filter((pool) => pool.workloadId === workloadId)
      .reduce(
        (sum, { level, paidFrom = 0, pricePerHourUsd }) => sum + (level - paidFrom) * pricePerHourUsd,
        0,
      )
  const workloads = members.map((member) => ({
    ...member,
    changesLastHour: changes.get(member.id) ?? 0,
    spentThisMonthUsd: spend.get(member.id)?.thisMonthUsd ?? 0,
    usualCostPerHourUsd: spend.get(member.id)?.usualPerHourUsd ?? rateOf(member.id),
  }))
  return { ...empty, workloads, pools }
}

/**
 * What the published rules are held against, for plans that touch these workloads: they themselves, and whoever shares a
 * limit with them. `rules` in place of those in force for a draft.
 */
export async function ruleWorldNow(
  tx: Tx,
  now: Date,
  workloadIds: readonly string[],
  rules?: RuleSet,
): Promise<RuleWorld> {
  const ruled = await read(tx, ruledTogether(workloadIds, rules))
  const ids = ruled.ruleSet.rules.length === 0 ? [] : ruled.members.map(({ id }) => id)
  const { pools, ...measured } = await read(
    tx,
    together({ pools: poolsOfWorkloads(ids), ...measuredOf(ids, now) }),
  )
  return ruleWorldOf(ruled, measured, pools, now)
}
