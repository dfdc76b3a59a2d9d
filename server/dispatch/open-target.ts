import type { Context } from '../kernel/context.ts'
import type { Db } from '../kernel/db.ts'
import { NotFoundError, ServiceError, UnavailableError } from '../kernel/errors.ts'
import { adapters } from './adapters/index.ts'
import { openConfig } from './connection-config.ts'
import type { Observation, TargetAdapter } from './contract.ts'
import { type Gates, passGate } from './gate.ts'
import { counted } from './passage.ts'

async function storedTarget(db: Db, targetId: string) {
  const target = await db.target.findUnique({ where: { id: targetId }, include: { connection: true } })
  if (target === null) throw new NotFoundError('target', targetId)
  return target
}

type StoredTarget = Awaited<ReturnType<typeof storedTarget>>

function openStored({ connection, ref }: StoredTarget): Promise<TargetAdapter> {
  return adapters[connection.adapter].open(openConfig(connection), ref)
}

export type Seen = { kind: 'seen'; adapter: TargetAdapter; observation: Observation }

/**
 * A read of a target that failed for good needs a person; any other may work a moment later. `redrivable`: once a person set
 * right what was wrong, like a token that ran out, the same dispatch can go on. `retryInSeconds`: not before then.
 */
export type Look =
  | Seen
  | { kind: 'unseen'; forGood: boolean; redrivable: boolean; message: string; retryInSeconds?: number }

const forGoodCodes = new Set(['not_found', 'forbidden', 'invalid_input'])

/**
 * Reads a target, no faster than its connection is to be asked and not while its circuit is open; what goes wrong comes back as
 * words. Errors that are not for callers are thrown on.
 */
export async function lookThrough(ctx: Context, gates: Gates, targetId: string): Promise<Look> {
  const target = await storedTarget(ctx.db, targetId)
  const passage = await passGate(ctx, gates, target.connection)
  if ('message' in passage) return { kind: 'unseen', forGood: false, redrivable: true, ...passage }
  return look(async () => counted(await openStored(target), passage))
}

/** What this go read of a target just before, for one step; another look where it read nothing since the step before. */
export async function lookOnce(
  { ctx, gates, seen }: { ctx: Context; gates: Gates; seen: Map<string, Seen> },
  targetId: string,
): Promise<Look> {
  const known = seen.get(targetId)
  seen.delete(targetId)
  return known ?? lookThrough(ctx, gates, targetId)
}

async function look(open: () => Promise<TargetAdapter>): Promise<Look> {
  try {
    const adapter = await open()
    return { kind: 'seen', adapter, observation: await adapter.observe() }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    const { code, message } = error
    const unseen = {
      kind: 'unseen',
      forGood: forGoodCodes.has(code),
      redrivable: code !== 'not_found',
    } as const
    const retryAfter = error instanceof UnavailableError ? error.retryAfterSeconds : null
    return { ...unseen, message, ...(retryAfter === null ? {} : { retryInSeconds: retryAfter }) }
  }
}
