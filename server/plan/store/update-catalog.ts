import { append } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import { authorise, type Verb } from '../../kernel/context.ts'
import { NotFoundError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { transact } from '../../kernel/transact.ts'
import {
  type DomainUpdate,
  domainUpdate,
  type OfferingUpdate,
  offeringInput,
  offeringUpdate,
  type PoolUpdate,
  poolUpdate,
} from '../contract.ts'
import { governedBy } from './governed.ts'
import { meterPools } from './meter.ts'
import { poolData, servingOf, userLatencyOf } from './stored-json.ts'

/** Changes what is given of a place, and logs the old and the new. @throws NotFoundError */
export async function updateDomain({ ctx, input }: Verb<DomainUpdate>): Promise<{ id: string }> {
  authorise(ctx, 'catalog.manage')
  const { id, ...change } = parseInput(domainUpdate, input, 'change')
  return transact(ctx, async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM "Domain" WHERE "id" = ${id}::uuid FOR UPDATE`
    const before = await tx.domain.findUnique({ where: { id } })
    if (!before) throw new NotFoundError('domain', id)
    const { id: _, createdAt: __, ...fields } = before
    const from = { ...fields, userLatencyMs: userLatencyOf(fields.userLatencyMs) }
    await tx.domain.update({ where: { id }, data: change })
    await announce(tx, { topic: 'target' })
    await append(tx, ctx, {
      stage: 'plan',
      action: 'domain.changed',
      subject: `domain/${id}`,
      body: { from, change },
    })
    return { id }
  })
}

/**
 * Changes the terms of an offering, and logs the old and the new. Approvals that are bound to another price are void
 * from then on.
 * @throws NotFoundError, InvalidInputError when the whole would be no offering
 */
export async function updateOffering({ ctx, input }: Verb<OfferingUpdate>): Promise<{ id: string }> {
  authorise(ctx, 'catalog.manage')
  const { id, ...change } = parseInput(offeringUpdate, input, 'change')
  return transact(ctx, async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM "Offering" WHERE "id" = ${id}::uuid FOR UPDATE`
    const before = await tx.offering.findUnique({ where: { id } })
    if (!before) throw new NotFoundError('offering', id)
    const { id: _, createdAt: __, ...from } = before
    parseInput(offeringInput, { ...from, ...change }, 'offering')
    // What was bought so far was bought at the old price.
    await meterPools(tx, ctx.clock.now(), { offeringId: id })
    await tx.offering.update({ where: { id }, data: change })
    await announce(tx, { topic: 'target' })
    await append(tx, ctx, {
      stage: 'plan',
      action: 'offering.changed',
      subject: `offering/${id}`,
      body: { from, change },
    })
    return { id }
  })
}

/** Changes where a pool buys, what one replica of it serves, or its place among its workload's pools, and logs the old and the new. @throws NotFoundError */
export async function updatePool({ ctx, input }: Verb<PoolUpdate>): Promise<{ id: string }> {
  authorise(ctx, 'catalog.manage')
  const { id, ...change } = parseInput(poolUpdate, input, 'change')
  return transact(ctx, async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM "Pool" WHERE "id" = ${id}::uuid FOR NO KEY UPDATE`
    const before = await tx.pool.findUnique({ where: { id } })
    if (!before) throw new NotFoundError('pool', id)
    if (change.offeringId && !(await tx.offering.findUnique({ where: { id: change.offeringId } })))
      throw new NotFoundError('offering', change.offeringId)
    const { workloadId, targetId, offeringId, capacityPerReplica, priority, governsPoolId, replicasPerNode } =
      before
    const serving = servingOf(before.serving)
    if (change.governsPoolId !== undefined || change.replicasPerNode !== undefined)
      await governedBy(tx, { ...before, ...change, id })
    await meterPools(tx, ctx.clock.now(), { poolId: id })
    await tx.pool.update({ where: { id }, data: poolData(change) })
    await announce(tx, { topic: 'target', id: targetId })
    await append(tx, ctx, {
      stage: 'plan',
      action: 'pool.changed',
      subject: `workload/${workloadId}`,
      body: {
        id,
        from: { offeringId, capacityPerReplica, priority, serving, governsPoolId, replicasPerNode },
        change,
      },
    })
    return { id }
  })
}
