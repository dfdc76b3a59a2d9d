import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type ConnectionLimitInput, connectionLimitInput } from './contract.ts'

/** Sets how fast a connection is asked by all workers together. @throws NotFoundError */
export async function limitConnection({ ctx, input }: Verb<ConnectionLimitInput>): Promise<void> {
  authorise(ctx, 'target.manage')
  const { connectionId, ...limits } = parseInput(connectionLimitInput, input, 'limits of a connection')
  await transact(ctx, async (tx) => {
    const known = await tx.connection.count({ where: { id: connectionId } })
    if (known === 0) throw new NotFoundError('connection', connectionId)
    await tx.connectionGate.upsert({
      where: { connectionId },
      create: { connectionId, refilledAt: ctx.clock.now(), tokens: limits.burst, ...limits },
      update: limits,
    })
    await announce(tx, { topic: 'target' })
    await append(tx, ctx, {
      stage: 'dispatch',
      action: 'connection.limited',
      subject: `connection/${connectionId}`,
      body: limits,
    })
  })
}
