import { append, contentHashOf } from '../../audit/index.ts'
import { authorise, type Context } from '../../kernel/context.ts'
import type { Db, Prisma } from '../../kernel/db.ts'
import { transact } from '../../kernel/transact.ts'
import { signalName } from '../../telemetry/contract.ts'
import { type CapacityModel, capacityModel } from '../contract.ts'
import { calibrate } from '../models/calibration/calibrate.ts'
import { readPoolSteps } from './pool-steps.ts'
import { servingOf } from './stored-json.ts'

const historyMs = 14 * 86_400_000
const refitMs = 6 * 3_600_000
/** Where there was too little to tell, there may soon be more. */
const retryMs = 300_000
/** Of the tokens that are drawn: the same pool, the same model. */
const seed = 1

const select = {
  id: true,
  capacityPerReplica: true,
  serving: true,
  workload: {
    select: { id: true, name: true, demandSignal: true, stepSeconds: true, objectiveP99Ms: true },
  },
  model: { select: { basis: true, fittedAt: true, model: true } },
} satisfies Prisma.PoolSelect
type Row = Prisma.PoolGetPayload<{ select: typeof select }>

/**
 * Fits the model of the pool that has waited longest for it, if any is due: after six hours, or at once when what it rests on
 * was declared anew. Only of services that alone serve their workload's requests: what several pools share cannot be
 * told apart. Returns the workload's name, or null when nothing was due.
 */
export async function fitDueModel({ ctx }: { ctx: Context }): Promise<string | null> {
  authorise(ctx, 'model.fit')
  const now = ctx.clock.now()
  const due = (await candidates(ctx.db))
    .filter((pool) => isDue(pool, now))
    .sort((a, b) => (a.model?.fittedAt.getTime() ?? 0) - (b.model?.fittedAt.getTime() ?? 0))[0]
  if (due === undefined) return null
  const { id: poolId, workload, capacityPerReplica } = due
  const demandSignal = signalName.parse(workload.demandSignal)
  const from = new Date(now.getTime() - historyMs)
  const { steps } = await readPoolSteps(ctx.db, { ...workload, demandSignal }, from, now)
  const { objectiveP99Ms, stepSeconds } = workload
  const serving = servingOf(due.serving)
  const model = calibrate({ steps, stepSeconds, objectiveP99Ms, capacityPerReplica, serving, seed })
  await transact(ctx, async (tx) => {
    const data = { model, basis: basisOf(due), fittedAt: now }
    await tx.poolModel.upsert({ where: { poolId }, create: { poolId, ...data }, update: data })
    if (due.model !== null && sameVerdict(capacityModel.parse(due.model.model), model)) return
    await append(tx, ctx, {
      stage: 'plan',
      action: 'pool.model-fitted',
      subject: `workload/${workload.id}`,
      body: { poolId, kind: model.kind, fit: model.fit },
    })
  })
  return workload.name
}

/** Pools that alone serve the requests of a service. */
async function candidates(db: Db): Promise<Row[]> {
  const services = await db.workload.findMany({
    where: { kind: 'inference', demandSignal: 'requests_per_second' },
    select: {
      pools: {
        where: {
          control: { notIn: ['run', 'size'] },
          OR: [{ control: { not: 'nodes' } }, { governsPoolId: null }],
        },
        select,
      },
    },
  })
  return services.flatMap(({ pools }) => (pools.length === 1 ? pools : []))
}

function isDue(pool: Row, now: Date): boolean {
  const { model } = pool
  if (model === null || model.basis !== basisOf(pool)) return true
  const { verdict } = capacityModel.parse(model.model).fit
  const waited = now.getTime() - model.fittedAt.getTime()
  return waited >= (verdict === 'too few to tell' ? retryMs : refitMs)
}

/** What people declared of it. */
function basisOf({ capacityPerReplica, serving, workload }: Row): string {
  const { objectiveP99Ms, stepSeconds, demandSignal } = workload
  return contentHashOf({
    capacityPerReplica,
    serving: servingOf(serving),
    objectiveP99Ms,
    stepSeconds,
    demandSignal,
  })
}

/** The log tells when a model begins or ceases to count, not every refit of it. */
function sameVerdict({ fit: a }: CapacityModel, { fit: b }: CapacityModel): boolean {
  return a.source === b.source && a.verdict === b.verdict
}
