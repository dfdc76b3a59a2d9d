import type { z } from 'zod'
import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { NotFoundError, ServiceError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { adapters } from './adapters/index.ts'
import { openConfig } from './connection-config.ts'
import { type ConnectionCheck, checkConnectionInput } from './contract.ts'

/** Tries a connection now. What is wrong with it is an answer, not an error. @throws NotFoundError */
export async function checkConnection({
  ctx,
  input,
}: Verb<z.input<typeof checkConnectionInput>>): Promise<ConnectionCheck> {
  authorise(ctx, 'target.manage')
  const { connectionId } = parseInput(checkConnectionInput, input, 'connection')
  const connection = await ctx.db.connection.findUnique({ where: { id: connectionId } })
  if (connection === null) throw new NotFoundError('connection', connectionId)
  const result = await tryOut(async () => {
    const knownAs = await adapters[connection.adapter].check(openConfig(connection))
    return `Works: ${knownAs}.`
  })
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

async function tryOut(work: () => Promise<string>): Promise<ConnectionCheck> {
  try {
    return { ok: true, message: await work() }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return { ok: false, message: error.message }
  }
}
