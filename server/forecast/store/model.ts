import type { Tx } from '../../kernel/db.ts'
import { modelVersion } from '../engine.ts'

export type ForecastTask = {
  workload: { id: string; signal: string; unit: string; stepSeconds: number }
  /** Leads that the plan needs. */
  horizon: number
  /** Leads that the plan covers; the one with the highest median among them is explained. */
  plannedLeads: number
}

/** A stored model that can go on. */
export type KnownModel = {
  checkpointId: string
  /** Last step that the checkpoint had learned. */
  checkpointAt: Date
  stateHash: string
  trainedFrom: Date
  trainedTo: Date
  observations: number
}

/** The stored model, or why one must start from history. */
export type Known = { model: KnownModel } | { model: null; why: string }

/** One process at a time advances a workload's model; held until the transaction ends. */
export async function lockModel(tx: Tx, workloadId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`model/${workloadId}`}, 0))`
}

/** How far the stored model has learned, if it can go on. */
export async function knownModel(tx: Tx, { workload, horizon }: ForecastTask): Promise<Known> {
  const { id, signal, stepSeconds } = workload
  const row = await tx.modelState.findUnique({
    where: { workloadId_signal: { workloadId: id, signal } },
    include: { checkpoint: { select: { trainedTo: true } } },
  })
  if (row === null) return { model: null, why: 'it is the first of this signal' }
  if (row.modelVersion !== modelVersion) {
    return { model: null, why: `the one before is of model version ${row.modelVersion}` }
  }
  if (row.horizon < horizon) {
    return { model: null, why: `the plan needs ${horizon} leads, and the one before gives ${row.horizon}` }
  }
  if (row.stepSeconds !== stepSeconds) return { model: null, why: `the step is now ${stepSeconds} s` }
  const { checkpointId, checkpoint, stateHash, trainedFrom, trainedTo, observations } = row
  const model = {
    checkpointId,
    checkpointAt: checkpoint.trainedTo,
    stateHash,
    trainedFrom,
    trainedTo,
    observations,
  }
  return { model }
}

const dayMs = 86_400_000
const hourMs = 3_600_000

/**
 * Why a model should learn again from the beginning because history came in later that lies before all it learned: it
 * measures a day or more and is a tenth of what was learned, or an hour or more and as much as was learned. Null otherwise.
 */
export async function relearnReason(
  tx: Tx,
  { workload }: ForecastTask,
  { trainedFrom, observations }: KnownModel,
  earliest: Date,
): Promise<string | null> {
  if (trainedFrom <= earliest) return null
  const older = await tx.rollup.count({
    where: { workloadId: workload.id, signal: workload.signal, at: { gt: earliest, lt: trainedFrom } },
  })
  const measuredMs = older * workload.stepSeconds * 1000
  const worth =
    (measuredMs >= dayMs && older >= observations / 10) || (measuredMs >= hourMs && older >= observations)
  return worth ? `${older} measured steps came in from before ${trainedFrom.toISOString()}` : null
}
