import { setImmediate as nextTurn } from 'node:timers/promises'
import { announce } from '../../kernel/bus.ts'
import { authorise, type Context } from '../../kernel/context.ts'
import type { Prisma, Tx } from '../../kernel/db.ts'
import { DEFAULT_LEVELS, ForecasterStateSchema, type ForecastSnapshot } from '../contract.ts'
import { createEngine, type Engine, modelVersion, restoreEngine } from '../engine.ts'
import { buildSnapshot } from '../snapshot.ts'
import { stateHash } from '../state-hash.ts'

export type ForecastTask = {
  workload: { id: string; signal: string; unit: string; stepSeconds: number }
  /** Leads that the plan needs. */
  horizon: number
  /** Leads that the plan covers; the one with the highest median among them is explained. */
  plannedLeads: number
}

export type TrainedUntil = { trainedTo: Date } | null

export type IssuedForecast = { forecastId: string; snapshot: ForecastSnapshot; learned: number }

/** Steps learned before other work of the process gets its turn. */
const stepsPerTurn = 250

/** One process at a time advances a workload's model; held until the transaction ends. */
export async function lockModel(tx: Tx, workloadId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`model/${workloadId}`}, 0))`
}

/** How far the stored model has learned; null when it must start from history: none yet, another version, or too short a horizon. */
export async function trainedUntil(tx: Tx, task: ForecastTask): Promise<TrainedUntil> {
  const { id, signal, stepSeconds } = task.workload
  const row = await tx.modelState.findUnique({
    where: { workloadId_signal: { workloadId: id, signal } },
    select: { modelVersion: true, trainedTo: true, horizon: true, stepSeconds: true },
  })
  if (row === null || row.modelVersion !== modelVersion) return null
  if (row.horizon < task.horizon || row.stepSeconds !== stepSeconds) return null
  return { trainedTo: row.trainedTo }
}

/**
 * Learns the steps that follow what the model knows, then issues and keeps a forecast from the newest one. `steps`: every
 * step in order, gaps as null, starting right after `trainedUntil` (or at the start of history). Null when there is nothing new.
 */
export async function advanceForecast(args: {
  ctx: Context
  tx: Tx
  task: ForecastTask
  known: TrainedUntil
  steps: { at: Date; value: number | null }[]
}): Promise<IssuedForecast | null> {
  const { ctx, tx, task, known, steps } = args
  authorise(ctx, 'forecast.run')
  const newest = steps.at(-1)
  if (newest === undefined) return null
  const { workload } = task
  const loaded = known === null ? null : await load(tx, workload)
  const engine =
    loaded?.engine ??
    createEngine({
      stepSeconds: workload.stepSeconds,
      horizon: task.horizon,
      levels: DEFAULT_LEVELS,
      seed: 1,
    })
  const trainedFrom = loaded?.trainedFrom ?? steps[0]?.at ?? newest.at
  for (const [i, { value }] of steps.entries()) {
    if (i % stepsPerTurn === stepsPerTurn - 1) await nextTurn()
    engine.learn(value ?? Number.NaN, steps.length - 1 - i)
  }
  const state = engine.toJSON()
  const hash = stateHash(state)
  const snapshot = buildSnapshot({
    engine,
    workloadId: workload.id,
    signal: workload.signal,
    unit: workload.unit,
    origin: newest.at,
    trainedFrom,
    plannedLeads: task.plannedLeads,
    hash,
  })
  const now = ctx.clock.now()
  const kept = {
    modelVersion,
    horizon: engine.options.horizon,
    stepSeconds: workload.stepSeconds,
    state,
    stateHash: hash,
    trainedFrom,
    trainedTo: newest.at,
    observations: engine.observations,
    updatedAt: now,
  }
  const key = { workloadId: workload.id, signal: workload.signal }
  await tx.modelState.upsert({ where: { workloadId_signal: key }, create: { ...key, ...kept }, update: kept })
  const forecastId = ctx.ids.uuid()
  const forecast = {
    ...key,
    origin: newest.at,
    issuedAt: now,
    modelVersion,
    stateHash: hash,
    snapshot: snapshot as Prisma.InputJsonObject,
  }
  // A relearned history issues its newest origin again; what was said at the time stays what was said.
  await tx.forecast.createMany({ data: [{ id: forecastId, ...forecast }], skipDuplicates: true })
  const stored = await tx.forecast.findUniqueOrThrow({
    where: { workloadId_signal_origin: { ...key, origin: newest.at } },
    select: { id: true },
  })
  await announce(tx, { topic: 'forecast', id: workload.id })
  return { forecastId: stored.id, snapshot, learned: steps.length }
}

async function load(
  tx: Tx,
  workload: ForecastTask['workload'],
): Promise<{ engine: Engine; trainedFrom: Date } | null> {
  const row = await tx.modelState.findUnique({
    where: { workloadId_signal: { workloadId: workload.id, signal: workload.signal } },
  })
  if (row === null) return null
  return { engine: restoreEngine(ForecasterStateSchema.parse(row.state)), trainedFrom: row.trainedFrom }
}
