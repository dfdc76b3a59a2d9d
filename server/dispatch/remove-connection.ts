import type { z } from 'zod'
import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { checkConnectionInput } from './contract.ts'

/**
 * Forgets a connection that no target is reached by, its settings and credentials with it. On the other side nothing changes: what was
 * granted there is revoked there. @throws NotFoundError, ConflictError naming the targets that it has
 */
export async function removeConnection({ ctx, input }: Verb<z.input<typeof checkConnectionInput>>) {
  authorise(ctx, 'target.manage')
  const { connectionId } = parseInput(checkConnectionInput, input, 'connection')
  return transact(ctx, async (tx) => {
    // A target that is added meanwhile waits for the lock, and finds no connection then.
    await tx.$executeRaw`SELECT 1 FROM "Connection" WHERE "id" = ${connectionId}::uuid FOR UPDATE`
    const connection = await tx.connection.findUnique({
      where: { id: connectionId },
      select: { name: true, adapter: true, targets: { select: { name: true }, orderBy: { name: 'asc' } } },
    })
    if (connection === null) throw new NotFoundError('connection', connectionId)
    const { name, adapter, targets } = connection
    if (targets.length > 0) {
      const [first, second] = targets.map((target) => `"${target.name}"`)
      const more = targets.length > 2 ? ` and ${targets.length - 2} more` : ''
      throw new ConflictError(
        `"${name}" reaches ${[first, second].filter(Boolean).join(', ')}${more}. Remove its targets first; what has a pool ` +
          'or was written stays, and its connection with it: give that new settings instead.',
      )
    }
    await tx.connection.delete({ where: { id: connectionId } })
    await announce(tx, { topic: 'target' })
    await append(tx, ctx, {
      stage: 'dispatch',
      action: 'connection.removed',
      subject: `connection/${connectionId}`,
      body: { name, adapter },
    })
    return { id: connectionId }
  })
}
