import type { z } from 'zod'
import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { ForbiddenError, NotFoundError, ServiceError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { adapters } from './adapters/index.ts'
import { closeCircuitIn } from './circuit.ts'
import { openConfig } from './connection-config.ts'
import { type ConnectionCheck, checkConnectionInput, type Examination } from './contract.ts'

/**
 * Tries a connection now: whether it is reached, as whom, and whether its targets could be read and written. What is wrong with it is
 * an answer, not an error. One that was left alone and answers is asked again at once, by all. @throws NotFoundError
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
  const { result, answered } = await tryOut(() =>
    adapters[connection.adapter].examine(openConfig(connection), refs),
  )
  await transact(ctx, async (tx) => {
    await tx.connection.update({
      where: { id: connectionId },
      data: { lastCheckedAt: ctx.clock.now(), lastError: result.ok ? null : result.message },
    })
    await announce(tx, { topic: 'target' })
    if (answered) await closeCircuitIn(tx, ctx, connectionId)
    await append(tx, ctx, {
      stage: 'dispatch',
      action: 'connection.checked',
      subject: `connection/${connectionId}`,
      body: result,
    })
  })
  return result
}

/** `answered`: also by a refusal, which shows that the other side is there. */
type Tried = { result: ConnectionCheck; answered: boolean }

async function tryOut(work: () => Promise<Examination>): Promise<Tried> {
  try {
    const examination = await work()
    return { result: resultOf(examination), answered: true }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    const result = { ok: false, message: error.message, examination: null }
    return { result, answered: error instanceof ForbiddenError }
  }
}

function resultOf(examination: Examination): ConnectionCheck {
  const { knownAs, missing } = examination
  const [first] = missing
  if (first === undefined) return { ok: true, message: `Works: known as ${knownAs}.`, examination }
  const more = missing.length > 1 ? `, and ${missing.length - 1} more` : ''
  return { ok: false, message: `${knownAs} ${first}${more}.`, examination }
}
