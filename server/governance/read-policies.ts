import { z } from 'zod'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import type { WorkloadPolicy } from '../kernel/generated/client.ts'
import { parseInput } from '../kernel/parse.ts'
import type { PolicyInForce } from '../plan/contract.ts'
import type { PolicyRow, PolicyVersion } from './contract.ts'
import { policyInForce, policyValuesOf } from './policy-in-force.ts'

const ofWorkload = z.object({ workloadId: z.uuid() })
type OfWorkload = z.infer<typeof ofWorkload>

/** The policy in force of a workload. @throws NotFoundError before an admin set one. */
export async function getPolicy({ ctx, input }: Verb<OfWorkload>): Promise<PolicyInForce> {
  authorise(ctx, 'policy.read')
  const { workloadId } = parseInput(ofWorkload, input, 'request')
  const policy = await policyInForce(ctx.db, workloadId)
  if (!policy) throw new NotFoundError('policy of workload', workloadId)
  return policy
}

/** Every version of a workload's policy, newest first. */
export async function policyHistory({ ctx, input }: Verb<OfWorkload>): Promise<PolicyVersion[]> {
  authorise(ctx, 'policy.read')
  const { workloadId } = parseInput(ofWorkload, input, 'request')
  const rows = await ctx.db.workloadPolicy.findMany({ where: { workloadId }, orderBy: { version: 'desc' } })
  return withAuthors(ctx, rows)
}

/** Every workload that is not over, with the policy in force, by title. */
export async function listPolicies({ ctx }: { ctx: Context }): Promise<PolicyRow[]> {
  authorise(ctx, 'policy.read')
  const workloads = await ctx.db.workload.findMany({
    where: { endedAt: null },
    orderBy: { title: 'asc' },
    select: { id: true, name: true, title: true, environment: true },
  })
  const rows = await ctx.db.workloadPolicy.findMany({
    distinct: ['workloadId'],
    orderBy: [{ workloadId: 'asc' }, { version: 'desc' }],
  })
  const versions = await withAuthors(ctx, rows)
  const policies = new Map(rows.map((row, i) => [row.workloadId, versions[i]]))
  return workloads.map((workload) => ({ workload, policy: policies.get(workload.id) ?? null }))
}

async function withAuthors(ctx: Context, rows: WorkloadPolicy[]): Promise<PolicyVersion[]> {
  const ids = rows.flatMap(({ authorId }) => authorId ?? [])
  const people = await ctx.db.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  const names = new Map(people.map(({ id, name }) => [id, name]))
  return rows.map((row) => ({
    ...policyValuesOf(row),
    reason: row.reason,
    author: row.authorId === null ? 'system' : (names.get(row.authorId) ?? 'somebody removed'),
    createdAt: row.createdAt.toISOString(),
  }))
}
