import { append } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import { authorise, type Context, type Verb } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { ConflictError, NotFoundError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { transact } from '../../kernel/transact.ts'
import {
  type DomainInput,
  type DomainView,
  domainInput,
  type OfferingInput,
  offeringInput,
  type PoolInput,
  poolInput,
} from '../contract.ts'
import { governedBy } from './governed.ts'
import { poolData, userLatencyOf } from './stored-json.ts'

/** Declares a place that can run things. Returns its id. */
export async function createDomain({ ctx, input }: Verb<DomainInput>): Promise<{ id: string }> {
  authorise(ctx, 'catalog.manage')
  const data = parseInput(domainInput, input, 'domain')
  return transact(ctx, async (tx) => {
    if (await tx.domain.findUnique({ where: { name: data.name } })) {
      throw new ConflictError(`There is a domain "${data.name}" already.`)
    }
    const id = ctx.ids.uuid()
    await tx.domain.create({ data: { ...data, id, createdAt: ctx.clock.now() } })
    await append(tx, ctx, { stage: 'plan', action: 'domain.created', subject: `domain/${id}`, body: data })
    return { id }
  })
}

/** Declares what a domain sells: hardware, market, price per replica-hour, lead time. Returns its id. */
export async function createOffering({ ctx, input }: Verb<OfferingInput>): Promise<{ id: string }> {
  authorise(ctx, 'catalog.manage')
  const data = parseInput(offeringInput, input, 'offering')
  return transact(ctx, async (tx) => {
    const { domainId, hardwareClass, market } = data
    if (!(await tx.domain.findUnique({ where: { id: domainId } })))
      throw new NotFoundError('domain', domainId)
    if (
      await tx.offering.findUnique({
        where: { domainId_hardwareClass_market: { domainId, hardwareClass, market } },
      })
    ) {
      throw new ConflictError(`This domain already offers ${hardwareClass}, ${market}.`)
    }
    const id = ctx.ids.uuid()
    await tx.offering.create({ data: { ...data, id, createdAt: ctx.clock.now() } })
    await append(tx, ctx, {
      stage: 'plan',
      action: 'offering.created',
      subject: `offering/${id}`,
      body: data,
    })
    return { id }
  })
}

/** Gives a workload capacity: one target at one offering; it may have several. Returns the pool's id. */
export async function createPool({ ctx, input }: Verb<PoolInput>): Promise<{ id: string }> {
  authorise(ctx, 'catalog.manage')
  return transact(ctx, (tx) => createPoolIn(tx, ctx, input))
}

/** The same in the caller's transaction. */
export async function createPoolIn(tx: Tx, ctx: Context, input: PoolInput): Promise<{ id: string }> {
  authorise(ctx, 'catalog.manage')
  const data = parseInput(poolInput, input, 'pool')
  if (!(await tx.workload.findUnique({ where: { id: data.workloadId } })))
    throw new NotFoundError('workload', data.workloadId)
  if (!(await tx.offering.findUnique({ where: { id: data.offeringId } })))
    throw new NotFoundError('offering', data.offeringId)
  if (!(await tx.target.findUnique({ where: { id: data.targetId } })))
    throw new NotFoundError('target', data.targetId)
  const taken = await tx.pool.findUnique({
    where: { targetId: data.targetId },
    include: { workload: { select: { title: true } } },
  })
  if (taken !== null) {
    throw new ConflictError(
      `This target already holds a pool of "${taken.workload.title}"; one target holds one.`,
    )
  }
  const id = ctx.ids.uuid()
  const governed = await governedBy(tx, data)
  await tx.pool.create({ data: { ...poolData({ ...data, ...governed }), id, createdAt: ctx.clock.now() } })
  await append(tx, ctx, {
    stage: 'plan',
    action: 'pool.created',
    subject: `workload/${data.workloadId}`,
    body: { ...data, ...governed, id },
  })
  await announce(tx, { topic: 'target', id: data.targetId })
  return { id }
}

/** Every place with what it sells, by name. */
export async function listDomains({ ctx }: { ctx: Verb<unknown>['ctx'] }): Promise<DomainView[]> {
  authorise(ctx, 'catalog.read')
  const rows = await ctx.db.domain.findMany({
    orderBy: { name: 'asc' },
    include: { offerings: { orderBy: [{ hardwareClass: 'asc' }, { market: 'asc' }] } },
  })
  return rows.map(({ createdAt: _, offerings, userLatencyMs, ...domain }) => ({
    ...domain,
    userLatencyMs: userLatencyOf(userLatencyMs),
    offerings: offerings.map(({ createdAt: __, ...offering }) => offering),
  }))
}
