import canonicalize from 'canonicalize'
import { authorise, type Verb } from '../../kernel/context.ts'
import { NotFoundError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { ForecastSnapshotSchema } from '../contract.ts'
import { modelVersion } from '../engine.ts'
import { type ReproduceInput, type Reproduction, reproduceInput } from '../review/contract.ts'
import { buildSnapshot } from '../snapshot.ts'
import { stateHash } from '../state-hash.ts'
import { ModelLostError, type Reached, reach } from './checkpoint.ts'
import { differencesOf } from './differences.ts'
import { lineageOf } from './told.ts'

/**
 * Makes a stored forecast again from the checkpoint before it and what the model was told since, and holds the two
 * against each other, byte for byte in their canonical form. Telemetry is not read: what came late, or changed since, does
 * not matter.
 * @throws NotFoundError
 */
export async function reproduceForecast({ ctx, input }: Verb<ReproduceInput>): Promise<Reproduction> {
  authorise(ctx, 'forecast.read')
  const { forecastId } = parseInput(reproduceInput, input, 'request')
  const row = await ctx.db.forecast.findUnique({ where: { id: forecastId } })
  if (row === null) throw new NotFoundError('forecast', forecastId)
  const stored = { forecastId, storedStateHash: row.stateHash, modelVersion: row.modelVersion }
  const impossible = (text: string): Reproduction => ({
    ...stored,
    ...{
      possible: false,
      same: false,
      text,
      differences: [],
      checkpointAt: null,
      replayedSteps: 0,
      stateHash: null,
    },
  })
  if (row.modelVersion !== modelVersion) {
    return impossible(
      `Model version ${row.modelVersion} issued it and this is ${modelVersion}: only the code of its own version can make it again. What was said stays as it was stored.`,
    )
  }
  if (row.checkpointId === null) {
    return impossible('It was issued before checkpoints were kept, so there is nothing to make it from.')
  }
  let reached: Reached
  try {
    reached = await reach(ctx.db, row.checkpointId, row.origin)
  } catch (error) {
    if (!(error instanceof ModelLostError)) throw error
    return impossible(error.message)
  }
  const { engine, checkpoint, told, replayedSteps } = reached
  if (told === null) return impossible('What the model was told in its first turn is not there.')
  const hash = stateHash(engine.toJSON())
  const { trainedFrom } = checkpoint
  // A model's first forecast was made from all of its history.
  const values = told.values.length > 0 ? told.values : new Float64Array(engine.steps)
  const again = buildSnapshot({
    engine,
    workloadId: row.workloadId,
    signal: row.signal,
    unit: ForecastSnapshotSchema.pick({ unit: true }).safeParse(row.snapshot).data?.unit ?? '',
    origin: row.origin,
    trainedFrom,
    plannedLeads: row.plannedLeads ?? undefined,
    hash,
    lineage: lineageOf({ ...told, values }, row.origin, engine),
    events: told.events,
  })
  const differences = differencesOf(row.snapshot, JSON.parse(JSON.stringify(again)))
  const same = hash === row.stateHash && canonicalize(row.snapshot) === canonicalize(again)
  const moment = checkpoint.trainedTo.toISOString().slice(0, 16).replace('T', ' ')
  const steps = replayedSteps === 1 ? '1 step' : `${replayedSteps} steps`
  const from = `from the checkpoint of ${moment} UTC and ${steps} after it`
  return {
    ...stored,
    possible: true,
    same,
    text: same
      ? `Made again ${from}: every byte of state and forecast is the same.`
      : `Made again ${from}, it is not the same: what is stored was altered, or this is not the code that issued it.`,
    differences,
    checkpointAt: checkpoint.trainedTo.toISOString(),
    replayedSteps,
    stateHash: hash,
  }
}
