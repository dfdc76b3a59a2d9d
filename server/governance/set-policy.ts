import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { actorUserId, authorise, type Verb } from '../kernel/context.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import type { PolicyInForce, PolicyValues } from '../plan/contract.ts'
import { type SetPolicyInput, setPolicyInput } from './contract.ts'
import { lockWorkload } from './locks.ts'
import { policyInForce } from './policy-in-force.ts'

/**
 * Puts a new version of a workload's policy in force. Approvals that are bound to the old one are void from then on.
 * @throws ConflictError if another version came into force since the admin looked, or nothing would change.
 */
export async function setPolicy({ ctx, input }: Verb<SetPolicyInput>): Promise<PolicyInForce> {
  authorise(ctx, 'policy.manage')
  const { workloadId, values, basedOnVersion, reason } = parseInput(setPolicyInput, input, 'policy')
  return transact(ctx, async (tx) => {
    const workload = await tx.workload.findUnique({ where: { id: workloadId } })
    if (!workload) throw new NotFoundError('workload', workloadId)
    await lockWorkload(tx, workloadId)
    const before = await policyInForce(tx, workloadId)
    const current = before?.version ?? 0
    if (current !== basedOnVersion) {
      throw new ConflictError(
        `Version ${current} of the policy is in force, and you changed version ${basedOnVersion}. Look at it first.`,
        [{ path: 'basedOnVersion', message: `is ${basedOnVersion}`, expected: String(current) }],
      )
    }
    const changes = changesBetween(before, values)
    if (changes.length === 0) throw new ConflictError('Nothing differs from the policy in force.')
    const policy = { ...values, version: current + 1 }
    await tx.workloadPolicy.create({
      data: {
        ...policy,
        id: ctx.ids.uuid(),
        workloadId,
        reason,
        authorId: actorUserId(ctx.actor),
        createdAt: ctx.clock.now(),
      },
    })
    await announce(tx, { topic: 'policy', id: workloadId })
    await announce(tx, { topic: 'proposal' })
    await append(tx, ctx, {
      stage: 'governance',
      action: 'policy.set',
      subject: `workload/${workloadId}`,
      body: { workload: workload.name, version: policy.version, reason, changes },
    })
    return policy
  })
}

type Value = PolicyValues[keyof PolicyValues]

/** Field by field, before → after; a first version comes from nothing. */
function changesBetween(
  before: PolicyInForce | null,
  after: PolicyValues,
): { field: string; before: Value | null; after: Value }[] {
  const old = new Map<string, Value>(Object.entries(before ?? {}))
  return Object.entries(after)
    .map(([field, value]) => ({ field, before: old.get(field) ?? null, after: value }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after))
}
