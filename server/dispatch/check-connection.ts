import type { z } from 'zod'
import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { NotFoundError, ServiceError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { adapters } from './adapters/index.ts'
import { openConfig } from './connection-config.ts'
import { type ConnectionCheck, checkConnectionInput, type Examination } from './contract.ts'

/**
 * Tries a connection now: whether it is reached, as whom, and whether its targets could be read and written. What is wrong with it is
 * an answer, not an error. @throws NotFoundError
 */
export async function checkConnection({
  ctx,
  input,
}: Verb<z.input<typeof checkConnectionInput>>): Promise<ConnectionCheck> {
  authorise(ctx, 'target.manage')
  const { connectionId } = parseInput(checkConnectionInput, input, 'connection')
  const connection = await ctx.db.connection.findUnique({
    where: { id: connectionId },
    include: { targets: { select: { ref: true } } },
  })
  if (connection === null) throw new NotFoundError('connection', connectionId)
  const refs = connection.targets.map(({ ref }) => ref)
  const result = await tryOut(() => adapters[connection.adapter].examine(openConfig(connection), refs))
  await transact(ctx, async (tx) => {
    await tx.connection.update({
      where: { id: connectionId },
      data: { lastCheckedAt: ctx.clock.now(), lastError: result.ok ? null : result.message },
    })
    await announce(tx, { topic: 'target' })
    await append(tx, ctx, {
      stage: 'dispatch',
      action: 'connection.checked',
      subject: `connection/${connectionId}`,
      body: result,
    })
  })
  return result
}

async function tryOut(work: () => Promise<Examination>): Promise<ConnectionCheck> {
  try {
    const examination = await work()
    const { knownAs, missing } = examination
    const [first] = missing
    if (first === undefined) return { ok: true, message: `Works: known as ${knownAs}.`, examination }
    const more = missing.length > 1 ? `, and ${missing.length - 1} more` : ''
    return { ok: false, message: `${knownAs} ${first}${more}.`, examination }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return { ok: false, message: error.message, examination: null }
  }
}
