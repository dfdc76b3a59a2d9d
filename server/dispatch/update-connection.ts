import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { adapters } from './adapters/index.ts'
import { closeCircuitIn } from './circuit.ts'
import { sealConfig } from './connection-config.ts'
import { type UpdateConnectionInput, updateConnectionInput } from './contract.ts'

/**
 * Replaces the settings of a connection, such as an address or a credential that moved, after the new ones worked once.
 * @throws NotFoundError, InvalidInputError naming the setting; ForbiddenError or UnavailableError if the other side turns
 *   us down or cannot be reached, and then the old settings stay
 */
export async function updateConnection({ ctx, input }: Verb<UpdateConnectionInput>): Promise<void> {
  authorise(ctx, 'target.manage')
  const { connectionId, config: raw } = parseInput(updateConnectionInput, input, 'connection')
  const connection = await ctx.db.connection.findUnique({ where: { id: connectionId } })
  if (connection === null) throw new NotFoundError('connection', connectionId)
  const { name, adapter } = connection
  const config = adapters[adapter].parseConfig(raw)
  const knownAs = await adapters[adapter].check(config)
  await transact(ctx, async (tx) => {
    const encryptedConfig = sealConfig(connectionId, config)
    await tx.connection.update({
      where: { id: connectionId },
      data: { encryptedConfig, lastCheckedAt: ctx.clock.now(), lastError: null },
    })
    await announce(tx, { topic: 'target' })
    await closeCircuitIn(tx, ctx, connectionId)
    await append(tx, ctx, {
      stage: 'dispatch',
      action: 'connection.updated',
      subject: `connection/${connectionId}`,
      body: { name, adapter, knownAs },
    })
  })
}
