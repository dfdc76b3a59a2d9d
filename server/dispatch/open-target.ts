import type { Db, Tx } from '../kernel/db.ts'
import { NotFoundError, ServiceError } from '../kernel/errors.ts'
import { adapters } from './adapters/index.ts'
import { openConfig } from './connection-config.ts'
import type { Observation, TargetAdapter } from './contract.ts'

/** @throws NotFoundError, InvalidInputError if what is stored is no longer acceptable */
export async function openTarget(db: Db | Tx, targetId: string): Promise<TargetAdapter> {
  const target = await db.target.findUnique({ where: { id: targetId }, include: { connection: true } })
  if (target === null) throw new NotFoundError('target', targetId)
  const { connection } = target
  return adapters[connection.adapter].open(openConfig(connection), target.ref)
}

/** A read of a target that failed for good needs a person; any other may work a moment later. */
export type Look =
  | { kind: 'seen'; adapter: TargetAdapter; observation: Observation }
  | { kind: 'unseen'; forGood: boolean; message: string }

const forGoodCodes = new Set(['not_found', 'forbidden', 'invalid_input'])

/** Reads a target; what goes wrong comes back as words. Errors that are not for callers are thrown on. */
export async function lookAt(db: Db | Tx, targetId: string): Promise<Look> {
  try {
    const adapter = await openTarget(db, targetId)
    return { kind: 'seen', adapter, observation: await adapter.observe() }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return { kind: 'unseen', forGood: forGoodCodes.has(error.code), message: error.message }
  }
}
