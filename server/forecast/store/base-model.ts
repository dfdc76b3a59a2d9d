import type { Tx } from '../../kernel/db.ts'
import { InvalidInputError } from '../../kernel/errors.ts'
import { modelVersion } from '../engine.ts'
import {
  type BaseModel,
  baseHash,
  readBase,
  type StoredBase,
  StoredBaseSchema,
} from '../neural/base-model.ts'
import type { WorkloadRows } from '../neural/refit.ts'
import { replayedRows } from '../neural/replay-buffer.ts'
import { SHIPPED_BASE, shippedBase } from '../neural/shipped-base.ts'
import { unpackState } from './packed-state.ts'

/** Workloads whose replayed past a refit reads at most: those that learned last. */
const MOST_WORKLOADS = 2_000

/** Bases of this process by hash: a base is never changed. */
const ready = new Map<string, BaseModel>()

/** The base that forecasts are made with now: the newest that a person approved, or the shipped one. */
export async function liveBase(tx: Tx): Promise<BaseModel> {
  const live = await tx.baseModel.findFirst({
    where: { state: 'approved' },
    orderBy: { number: 'desc' },
    select: { version: true, hash: true },
  })
  return live === null ? shippedBase : madeReady(tx, live)
}

/**
 * A base by its version, live or not: past forecasts are made again with the base of their time.
 * @throws InvalidInputError when it is not here
 */
export async function baseOfVersion(tx: Tx, version: string): Promise<BaseModel> {
  if (version === shippedBase.version) return shippedBase
  const row = await tx.baseModel.findUnique({ where: { version }, select: { version: true, hash: true } })
  if (row === null) throw new InvalidInputError(`The base model "${version}" is not here.`)
  return madeReady(tx, row)
}

/**
 * A base as it is stored, for a refit that starts from it.
 * @throws InvalidInputError when its weights are not those of its hash, or no use
 */
export async function storedBase(tx: Tx, version: string): Promise<StoredBase> {
  if (version === SHIPPED_BASE.version) return SHIPPED_BASE
  const row = await tx.baseModel.findUniqueOrThrow({
    where: { version },
    select: { model: true, hash: true },
  })
  const { data: stored } = StoredBaseSchema.safeParse(row.model)
  if (stored === undefined || stored.version !== version || baseHash(stored) !== row.hash) {
    throw new InvalidInputError(`The base model "${version}" is not what its hash says: it was altered.`)
  }
  readBase(stored)
  return stored
}

/** What the models of all workloads keep of their past for replay, as of their last checkpoints, by workload's name. */
export async function replayOfWorkloads(tx: Tx): Promise<WorkloadRows[]> {
  const states = await tx.modelState.findMany({
    where: { modelVersion },
    orderBy: [{ updatedAt: 'desc' }, { workloadId: 'asc' }],
    take: MOST_WORKLOADS,
    select: { checkpointId: true, signal: true, workload: { select: { name: true } } },
  })
  const found: WorkloadRows[] = []
  for (const { checkpointId, workload } of states) {
    const checkpoint = await tx.modelCheckpoint.findUnique({
      where: { id: checkpointId },
      select: { state: true },
    })
    if (checkpoint === null) continue
    const rows = replayedRows((await unpackState(checkpoint.state)).columns)
    if (rows.count > 0) found.push({ name: workload.name, rows })
  }
  // The newest to learn comes first above; names in order make the same rows give the same base.
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function madeReady(tx: Tx, { version, hash }: { version: string; hash: string }): Promise<BaseModel> {
  const known = ready.get(hash)
  if (known?.version === version) return known
  const base = readBase(await storedBase(tx, version))
  ready.set(hash, base)
  return base
}
