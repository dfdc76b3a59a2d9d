import { append } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import { authorise, type Context } from '../../kernel/context.ts'
import type { Prisma, Tx } from '../../kernel/db.ts'
import { DEFAULT_LEVELS, type ForecastSnapshot } from '../contract.ts'
import { createEngine, type Engine, modelVersion } from '../engine.ts'
import type { BaseModel } from '../neural/base-model.ts'
import { buildSnapshot } from '../snapshot.ts'
import { stateHash } from '../state-hash.ts'
import { liveBase } from './base-model.ts'
import { checkpointEverySteps, keepCheckpoint, ModelLostError, reach } from './checkpoint.ts'
import type { EngineCache } from './engine-cache.ts'
import { eventsOf } from './events/list-events.ts'
import type { ForecastTask, Known } from './model.ts'
import type { AnsweredForecaster } from './plugin/ask-forecaster.ts'
import { keepTold, lineageOf, type Told, tell } from './told.ts'

export type IssuedForecast = {
  forecastId: string
  snapshot: ForecastSnapshot
  learned: number
  /** Keeps the live engine at hand for the next turn; call it when the transaction is committed, and only then. */
  keepEngine(): void
}

/**
 * Learns the steps that follow what the model knows, then issues and keeps a forecast from the newest one. `steps`: every
 * step in order, gaps as null, starting right after the known model's last (or at the start of history). `answer` takes
 * part if it is about the newest step. Null when there is nothing new. All that was told is kept, so that the forecast
 * can be made again.
 */
export async function advanceForecast(args: {
  ctx: Context
  tx: Tx
  task: ForecastTask
  known: Known
  steps: { at: Date; value: number | null }[]
  answer: AnsweredForecaster | null
  cache: EngineCache
}): Promise<IssuedForecast | null> {
  const { ctx, tx, task, known, steps, answer, cache } = args
  authorise(ctx, 'forecast.run')
  const [oldest] = steps
  const newest = steps.at(-1)
  if (oldest === undefined || newest === undefined) return null
  const { workload, plannedLeads } = task
  const key = { workloadId: workload.id, signal: workload.signal }
  const base = await liveBase(tx)
  const engine = await engineFor(tx, task, known, { firstStep: oldest.at, base, cache })
  const origin = newest.at
  const trainedFrom = known.model?.trainedFrom ?? oldest.at
  const fits = answer?.origin.getTime() === origin.getTime() && answer.horizon === engine.options.horizon
  const told: Told = {
    values: Float64Array.from(steps, ({ value }) => value ?? Number.NaN),
    offer: fits && known.model !== null ? { name: answer.name, quantiles: answer.quantiles } : null,
    events: await eventsOf(tx, workload.id, oldest.at, reachedBy(engine, origin)),
    base,
  }
  await tell(engine, told, trainedFrom)
  const hash = stateHash(engine.toJSON())
  const snapshot = buildSnapshot({
    engine,
    ...key,
    unit: workload.unit,
    origin,
    trainedFrom,
    plannedLeads,
    hash,
    lineage: lineageOf(told, origin, engine),
    events: told.events,
  })
  const checkpoint = () => keepCheckpoint(tx, ctx, { ...key, engine, hash, trainedFrom, trainedTo: origin })
  const checkpointId = known.model?.checkpointId ?? (await checkpoint())
  // The history that a model starts from is in its checkpoint, and nowhere else.
  const kept = known.model === null ? { ...told, values: new Float64Array(0) } : told
  await keepTold(tx, checkpointId, origin, kept)
  const now = ctx.clock.now()
  const state = {
    modelVersion,
    horizon: engine.options.horizon,
    stepSeconds: workload.stepSeconds,
    checkpointId:
      known.model !== null && isDue(known.model, origin, workload) ? await checkpoint() : checkpointId,
    stateHash: hash,
    trainedFrom,
    trainedTo: origin,
    observations: engine.observations,
    updatedAt: now,
  }
  await tx.modelState.upsert({
    where: { workloadId_signal: key },
    create: { ...key, ...state },
    update: state,
  })
  const forecast = {
    ...{ ...key, id: ctx.ids.uuid(), origin, issuedAt: now, modelVersion, stateHash: hash },
    ...{ checkpointId, plannedLeads, snapshot: snapshot as Prisma.InputJsonObject },
  }
  // A relearned history issues its newest origin again; what was said at the time stays what was said.
  await tx.forecast.createMany({ data: [forecast], skipDuplicates: true })
  const stored = await tx.forecast.findUniqueOrThrow({
    where: { workloadId_signal_origin: { ...key, origin } },
    select: { id: true },
  })
  await announce(tx, { topic: 'forecast', id: workload.id })
  if (known.model === null)
    await logStart(tx, ctx, task, { why: known.why, checkpointId, hash, told, trainedFrom })
  return {
    forecastId: stored.id,
    snapshot,
    learned: steps.length,
    keepEngine: () => cache.put(key, engine, hash),
  }
}

/** The live engine if this process has it in the stored state; else the checkpoint and what was told since; else a new one. */
async function engineFor(
  tx: Tx,
  { workload, horizon }: ForecastTask,
  { model }: Known,
  { firstStep, base, cache }: { firstStep: Date; base: BaseModel; cache: EngineCache },
): Promise<Engine> {
  if (model === null) {
    const { stepSeconds } = workload
    const startSeconds = (firstStep.getTime() / 1000) % 86_400
    return createEngine({ stepSeconds, horizon, levels: DEFAULT_LEVELS, seed: 1, startSeconds, base })
  }
  const live = cache.take({ workloadId: workload.id, signal: workload.signal }, model.stateHash)
  if (live !== null) return live
  const { engine } = await reach(tx, model.checkpointId, model.trainedTo)
  if (stateHash(engine.toJSON()) === model.stateHash) return engine
  throw new ModelLostError(
    `What the model was told until ${model.trainedTo.toISOString()} does not lead to the state that it had.`,
  )
}

/** End of the last step that is forecast from `origin`. */
function reachedBy(engine: Engine, origin: Date): Date {
  const { horizon, stepSeconds } = engine.options
  return new Date(origin.getTime() + (horizon + 1) * stepSeconds * 1000)
}

function isDue(
  { checkpointAt }: { checkpointAt: Date },
  origin: Date,
  { stepSeconds }: { stepSeconds: number },
) {
  return origin.getTime() - checkpointAt.getTime() >= checkpointEverySteps * stepSeconds * 1000
}

/** A model that starts over changes what is proposed, so the log says that it did, and why. */
async function logStart(
  tx: Tx,
  ctx: Context,
  { workload }: ForecastTask,
  start: { why: string; checkpointId: string; hash: string; told: Told; trainedFrom: Date },
): Promise<void> {
  const { why, checkpointId, hash, told, trainedFrom } = start
  const body = {
    ...{ signal: workload.signal, why, modelVersion, checkpointId, stateHash: hash },
    ...{ trainedFrom: trainedFrom.toISOString(), steps: told.values.length },
  }
  ctx.log.info({ workloadId: workload.id, ...body }, 'a model starts from history')
  await append(tx, ctx, {
    stage: 'forecast',
    action: 'model.started',
    subject: `workload/${workload.id}`,
    body,
  })
}
