import { Prisma, type Tx } from '../kernel/db.ts'
import type { Proposal } from '../kernel/generated/client.ts'
import type { PlanContent } from '../plan/contract.ts'
import { groupsOf, isShared } from '../plan/index.ts'
import { touchedPools } from './contract.ts'
import type { RuledTogether } from './rules/rule-world.ts'

/** A query that takes a lock, or several in an order of its own, as soon as `after` is known. All are held until the transaction ends. */
export type Lock = (after: Prisma.Sql) => Prisma.Sql

/**
 * What is read under locks is looked up by keys, so that a plan for any ids is as good as one for these; planning all that a decision reads
 * would take several times as long as reading it. Until the transaction ends.
 */
const onePlanForAll = Prisma.sql`set_config('plan_cache_mode', 'force_generic_plan', true), count(*)`

/**
 * Takes locks one after the other, in one statement. Everybody takes them in the same order, so that nobody waits for another in a
 * circle: workloads, decision, published rules, limits, switch, policy engine; the log comes last of all. What is decided on is read in
 * statements of its own after that, because a statement does not see what was committed while it waited.
 */
export async function lockInOrder(tx: Tx, locks: readonly Lock[]): Promise<void> {
  const name = (i: number) => Prisma.raw(`lock_${i}`)
  const steps = locks.map((lock, i) => {
    const after = i === 0 ? Prisma.sql`true` : Prisma.sql`(SELECT count(*) FROM ${name(i - 1)}) IS NOT NULL`
    return Prisma.sql`${name(i)} AS MATERIALIZED (${lock(after)})`
  })
  await tx.$executeRaw`
    WITH ${Prisma.join(steps)} SELECT ${onePlanForAll} FROM ${name(locks.length - 1)}`
}

/** A lock that has no row: by its name, shared by all who only rely on what it guards. */
function named(name: string, way: 'shared' | 'alone'): Lock {
  const take = Prisma.raw(way === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock')
  return (after) => Prisma.sql`SELECT ${take}(hashtextextended(${name}, 0)) WHERE ${after}`
}

/**
 * Decisions, proposals and policies of these workloads happen one after the other. Every verb takes it before it reads, so that what it
 * read still holds when it writes; always in the order of their ids, so that two who want the same ones never wait for each other.
 */
export const workloads =
  (ids: Prisma.Sql): Lock =>
  (after) =>
    Prisma.sql`
    SELECT w."id" FROM "Workload" w WHERE w."id" = ANY(${ids}) AND ${after} ORDER BY w."id" FOR NO KEY UPDATE`

export const decisionRow =
  (id: string): Lock =>
  (after) =>
    Prisma.sql`SELECT d."id" FROM "Decision" d WHERE d."id" = ${id}::uuid AND ${after} FOR UPDATE`

/** Nobody publishes rules meanwhile. */
export const rulesStay = named('rule-set', 'shared')
/** Who publishes rules or changes a draft waits for all who decide under them. */
export const rulesChange = named('rule-set', 'alone')
/** Whoever lets a write go commits before all dispatch is stopped, or finds it stopped. Taken when nothing else is waited for but the log. */
export const switchStays = named('dispatch-switch', 'shared')
export const switchChanges = named('dispatch-switch', 'alone')
/** Whoever decides under the policy engine in force commits before it is another one, or finds the other one. */
export const engineStays = named('policy-engine', 'shared')
export const engineChanges = named('policy-engine', 'alone')

/**
 * Whoever approves or redeems something under the same quota or shared limit goes one after the other: the second one finds what
 * the first one reserved. Always in the order of the names.
 */
export const limits =
  (names: readonly string[]): Lock =>
  // One by one as the array has them: a sort of the database might come after the locks.
  (after) =>
    Prisma.sql`
    SELECT pg_advisory_xact_lock(hashtextextended('limit ' || name, 0)) FROM unnest(${[...names]}::text[]) AS name
    WHERE ${after}`

/** The quotas that a plan takes of, and the groups of workloads that have one limit of a rule with those that it touches. */
export function limitsOf(
  content: Pick<PlanContent, 'actions' | 'evidence'>,
  { ruleSet, members }: RuledTogether,
  { touchedWorkloadIds }: Pick<Proposal, 'touchedWorkloadIds'>,
): string[] {
  const touched = members.filter(({ id }) => touchedWorkloadIds.includes(id))
  const quotas = touchedPools(content).map(({ offering }) => `quota ${offering.id}`)
  const shared = ruleSet.rules
    .filter(isShared)
    .flatMap((rule) =>
      'per' in rule ? groupsOf(rule, touched).map(({ key }) => `rule ${rule.name} ${key}`) : [],
    )
  return [...new Set([...quotas, ...shared])].sort()
}

/** Of workloads by their ids. */
export async function lockWorkloads(tx: Tx, ids: readonly string[]): Promise<void> {
  await lockInOrder(tx, [workloads(Prisma.sql`${[...ids]}::uuid[]`)])
}

export async function lockWorkload(tx: Tx, id: string): Promise<void> {
  await lockWorkloads(tx, [id])
}
