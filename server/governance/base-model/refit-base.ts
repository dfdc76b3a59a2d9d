import { setImmediate as nextTurn } from 'node:timers/promises'
import { append } from '../../audit/index.ts'
import {
  baseHash,
  type Refitted,
  refit,
  replayOfWorkloads,
  storedBase,
  type WorkloadRows,
} from '../../forecast/index.ts'
import { announce } from '../../kernel/bus.ts'
import { authorise, type Context } from '../../kernel/context.ts'
import { ConflictError } from '../../kernel/errors.ts'
import { transact } from '../../kernel/transact.ts'
import type { BaseModelDetail } from './contract.ts'
import { getBase } from './get-base.ts'
import { recordBaseDecision } from './record-base-decision.ts'
import { liveVersion, lockBases } from './stored-base.ts'

/** Fewer rows of workloads than this teach a base nothing. */
const fewestRows = 48
const waitsMs = 14 * 24 * 3_600_000

/**
 * Refits the live base on what the workloads keep of their past, tests what it forgot, and puts the result before the
 * people as a candidate. Forecasts do not change. A candidate that still waits makes way for the newer one.
 * @throws ConflictError if there is too little to learn from, or another base went live meanwhile
 */
export async function refitBase({ ctx }: { ctx: Context }): Promise<BaseModelDetail> {
  authorise(ctx, 'baseModel.refit')
  const parent = await liveVersion(ctx.db)
  const workloads = await replayOfWorkloads(ctx.db)
  const replayed = workloads.reduce((sum, { rows }) => sum + rows.count, 0)
  if (replayed < fewestRows) {
    throw new ConflictError(
      `The workloads keep ${replayed} rows of their past; a refit needs ${fewestRows}. They gather as models learn.`,
    )
  }
  const current = await storedBase(ctx.db, parent)
  const number = await nextNumber(ctx)
  const { base, test } = await inTurns(current, workloads, number)
  const id = ctx.ids.uuid()
  await transact(ctx, async (tx) => {
    await lockBases(tx)
    const live = await liveVersion(tx)
    if (live !== parent) throw new ConflictError(`${live} went live while ${parent} was refitted; try again.`)
    const createdAt = ctx.clock.now()
    const row = {
      ...{ id, number, version: base.version, parent, model: base, hash: baseHash(base) },
      ...{ trainedRows: base.trainedRows, test, passed: test.passed, createdAt },
      expiresAt: new Date(createdAt.getTime() + waitsMs),
    }
    const { count } = await tx.baseModel.createMany({
      data: [{ ...row, state: 'waiting' }],
      skipDuplicates: true,
    })
    if (count === 0) throw new ConflictError(`Another refit made ${base.version} meanwhile.`)
    for (const older of await tx.baseModel.findMany({ where: { state: 'waiting', id: { not: id } } })) {
      // A person's name has no place here: what was replaced was replaced by the newer candidate.
      const system: Context = { ...ctx, actor: { kind: 'system', component: 'refit' } }
      await recordBaseDecision(tx, system, older, { kind: 'expire', reason: `${base.version} replaces it.` })
    }
    await announce(tx, { topic: 'baseModel', id })
    await append(tx, ctx, {
      stage: 'governance',
      action: 'baseModel.propose',
      subject: `base-model/${id}`,
      body: {
        ...{ version: base.version, parent, hash: row.hash, trainedRows: base.trainedRows },
        ...{ replayedRows: replayed, passed: test.passed, worst: test.worst },
      },
    })
  })
  return getBase({ ctx, input: { id } })
}

/** Trains part by part, so that other work of the process gets its turn. */
async function inTurns(
  current: Parameters<typeof refit>[0],
  workloads: readonly WorkloadRows[],
  number: number,
): Promise<Refitted> {
  const work = refit(current, workloads, { version: `base-${number}`, seed: number })
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    await nextTurn()
  }
}

async function nextNumber({ db }: Context): Promise<number> {
  const newest = await db.baseModel.findFirst({ orderBy: { number: 'desc' }, select: { number: true } })
  return (newest?.number ?? 0) + 1
}
