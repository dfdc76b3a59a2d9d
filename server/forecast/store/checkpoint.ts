import { ZodError } from 'zod'
import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { InvalidInputError } from '../../kernel/errors.ts'
import type { ModelCheckpoint } from '../../kernel/generated/client.ts'
import { type Engine, modelVersion, restoreEngine } from '../engine.ts'
import type { ForecasterState } from '../forecaster.ts'
import { stateHash } from '../state-hash.ts'
import { baseOfVersion } from './base-model.ts'
import { packState, unpackState } from './packed-state.ts'
import { readTold, type Told, tell } from './told.ts'

/**
 * Steps between checkpoints. A state, 90 kB gzipped, then costs some 250 bytes a step, about what the step's own rows take, and
 * catching up on all of them takes some tens of milliseconds.
 */
export const checkpointEverySteps = 360

export type ModelKey = { workloadId: string; signal: string }

/** Keeps the whole state of an engine. Returns the checkpoint's id. */
export async function keepCheckpoint(
  tx: Tx,
  ctx: Context,
  of: ModelKey & { engine: Engine; hash: string; trainedFrom: Date; trainedTo: Date },
): Promise<string> {
  const { engine, hash, ...where } = of
  const id = ctx.ids.uuid()
  await tx.modelCheckpoint.create({
    data: {
      ...where,
      id,
      modelVersion,
      state: await packState(engine.toJSON()),
      stateHash: hash,
      createdAt: ctx.clock.now(),
    },
  })
  return id
}

/** A stored state that cannot be reached: it was altered, or is not all there. The model has to start over. */
export class ModelLostError extends Error {}

/** An engine as it was at a past origin, how it got there, and what it was told last: of a model's start no values, and null for a later checkpoint itself. */
export type Reached = {
  engine: Engine
  checkpoint: ModelCheckpoint
  told: Told | null
  replayedSteps: number
}

/**
 * The engine as it was after `trainedTo`: the checkpoint, and what was told after it.
 * @throws ModelLostError when the checkpoint was altered, or an input between it and `trainedTo` is missing
 */
export async function reach(tx: Tx, checkpointId: string, trainedTo: Date): Promise<Reached> {
  const checkpoint = await tx.modelCheckpoint.findUniqueOrThrow({ where: { id: checkpointId } })
  const engine = await restored(tx, checkpoint)
  const inputs = await tx.modelInput.findMany({
    where: { checkpointId, trainedTo: { lte: trainedTo } },
    orderBy: { trainedTo: 'asc' },
  })
  let at = checkpoint.trainedTo.getTime()
  let told: Told | null = null
  let replayedSteps = 0
  for (const input of inputs) {
    try {
      told = await readTold(tx, input, engine.options.levels.length)
      // Told before the checkpoint was taken, with the history.
      if (input.trainedTo.getTime() === checkpoint.trainedTo.getTime()) continue
      at += told.values.length * engine.options.stepSeconds * 1000
      if (at !== input.trainedTo.getTime()) break
      await tell(engine, told, checkpoint.trainedFrom)
    } catch (error) {
      if (!isUnreadable(error)) throw error
      throw new ModelLostError(
        `What the model was told at ${input.trainedTo.toISOString()} is not what was kept: it cannot be read.`,
      )
    }
    replayedSteps += told.values.length
  }
  if (at !== trainedTo.getTime()) {
    throw new ModelLostError(
      `What the model was told between its checkpoint and ${trainedTo.toISOString()} is not all there.`,
    )
  }
  return { engine, checkpoint, told, replayedSteps }
}

/** Faults of what is stored, and none of the database. */
function isUnreadable(error: unknown): boolean {
  return error instanceof InvalidInputError || error instanceof ZodError || error instanceof RangeError
}

async function restored(
  tx: Tx,
  { state: packed, stateHash: hash, trainedTo }: ModelCheckpoint,
): Promise<Engine> {
  const lost = `The model checkpoint of ${trainedTo.toISOString()} is not what was kept`
  let state: ForecasterState
  try {
    state = await unpackState(packed)
  } catch {
    throw new ModelLostError(`${lost}: it cannot be read.`)
  }
  if (stateHash(state) !== hash) throw new ModelLostError(`${lost}: its hash is another one.`)
  try {
    return restoreEngine(state, await baseOfVersion(tx, state.options.base))
  } catch (error) {
    if (!isUnreadable(error)) throw error
    throw new ModelLostError(error instanceof InvalidInputError ? error.message : `${lost}.`)
  }
}
