import { z } from 'zod'
import { authorise, type Verb } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import type { CapacitySnapshot, PlanContent } from '../plan/contract.ts'
import { groupsOf, isShared } from '../plan/index.ts'
import { type SharedCapacity, touchedPools } from './contract.ts'
import { ruleWorldNow } from './rules/rule-world.ts'
import { storedContent } from './stored.ts'
import { touchedWorkloads } from './touched.ts'

const byId = z.object({ id: z.uuid() })

/** Who else is touched when a proposal is carried out: mates of quota, place and limits. @throws NotFoundError */
export async function sharedCapacity({ ctx, input }: Verb<{ id: string }>): Promise<SharedCapacity[]> {
  authorise(ctx, 'proposal.read')
  const { id } = parseInput(byId, input, 'request')
  const proposal = await ctx.db.proposal.findUnique({
    where: { id },
    select: { workloadId: true, content: true },
  })
  if (!proposal) throw new NotFoundError('proposal', id)
  const content = storedContent(proposal.content)
  const own = touchedWorkloads(proposal.workloadId, content)
  return [...(await atPlaces(ctx.db, content, own)), ...(await underRules(ctx.db, ctx.clock.now(), own))]
}

/** Pools at the offerings that are written, and elsewhere in the same domains. */
async function atPlaces(tx: Tx, content: PlanContent, own: string[]): Promise<SharedCapacity[]> {
  const touched = touchedPools(content)
  const offerings = new Map(touched.map(({ offering, domain }) => [offering.id, { offering, domain }]))
  const domains = new Map(touched.map(({ domain }) => [domain.id, domain]))
  const pools = await tx.pool.findMany({
    where: { offering: { domainId: { in: [...domains.keys()] } }, workload: { endedAt: null } },
    select: {
      workloadId: true,
      targetId: true,
      offeringId: true,
      desiredReplicas: true,
      offering: { select: { domainId: true } },
      workload: { select: { id: true, name: true, title: true, environment: true } },
    },
    orderBy: { workload: { name: 'asc' } },
  })
  const to = new Map(content.actions.map(({ targetId, toReplicas }) => [targetId, toReplicas]))
  const replicas = (pool: (typeof pools)[number]) => pool.desiredReplicas ?? 0
  const mates = (some: typeof pools) =>
    some
      .filter(({ workloadId }) => !own.includes(workloadId))
      .map((pool) => ({ ...pool.workload, replicas: pool.desiredReplicas }))
  const quotas = [...offerings].map(([offeringId, { offering, domain }]): SharedCapacity => {
    const at = pools.filter((pool) => pool.offeringId === offeringId)
    return {
      kind: 'quota',
      name: offeringName(offering, domain),
      used: at.reduce((sum, pool) => sum + replicas(pool), 0),
      after: at.reduce((sum, pool) => sum + (to.get(pool.targetId) ?? replicas(pool)), 0),
      limit: offering.quotaReplicas,
      workloads: mates(at),
    }
  })
  const places = [...domains].map(([domainId, domain]): SharedCapacity => {
    const beside = pools.filter(
      (pool) => pool.offering.domainId === domainId && !offerings.has(pool.offeringId),
    )
    return {
      kind: 'domain',
      name: domain.title,
      used: null,
      after: null,
      limit: null,
      workloads: mates(beside),
    }
  })
  return [...quotas, ...places.filter(({ workloads }) => workloads.length > 0)]
}

/** "L40S on-demand at Cloud A" */
function offeringName(
  { hardwareClass, market }: CapacitySnapshot['offering'],
  { title }: CapacitySnapshot['domain'],
): string {
  return `${hardwareClass} ${market.replace('_', '-')} at ${title}`
}

/** Workloads under the same limit of a published rule. */
async function underRules(tx: Tx, now: Date, own: string[]): Promise<SharedCapacity[]> {
  const { ruleSet, workloads } = await ruleWorldNow(tx, now, own)
  const titles = await tx.workload.findMany({
    where: { id: { in: workloads.map(({ id }) => id) } },
    select: { id: true, name: true, title: true, environment: true },
  })
  const byId = new Map(titles.map((workload) => [workload.id, workload]))
  return ruleSet.rules.filter(isShared).flatMap((rule): SharedCapacity[] => {
    if (!('per' in rule)) return []
    const groups = groupsOf(rule, workloads).filter((group) =>
      group.workloads.some(({ id }) => own.includes(id)),
    )
    return groups.map((group) => ({
      kind: 'rule',
      name: `${rule.name} (${group.label})`,
      used: null,
      after: null,
      limit: null,
      workloads: group.workloads.flatMap(({ id }) => {
        const workload = byId.get(id)
        return workload && !own.includes(id) ? [{ ...workload, replicas: null }] : []
      }),
    }))
  })
}
