import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { adapters } from './adapters/index.ts'
import { sealConfig } from './connection-config.ts'
import { type ConnectionInput, connectionInput } from './contract.ts'

/**
 * Keeps the settings of a connection, encrypted, after they have worked once. Returns its id.
 * @throws InvalidInputError naming the setting, ConflictError if the name is taken; ForbiddenError or UnavailableError
 *   if the other side turns us down or cannot be reached, and then nothing is kept
 */
export async function createConnection({ ctx, input }: Verb<ConnectionInput>): Promise<{ id: string }> {
  authorise(ctx, 'target.manage')
  const { name, adapter, config: raw } = parseInput(connectionInput, input, 'connection')
  const config = adapters[adapter].parseConfig(raw)
  const knownAs = await adapters[adapter].check(config)
  return transact(ctx, async (tx) => {
    if (await tx.connection.findUnique({ where: { name } })) {
      throw new ConflictError(`There is a connection "${name}" already.`)
    }
    const id = ctx.ids.uuid()
    const now = ctx.clock.now()
    const encryptedConfig = sealConfig(id, config)
    await tx.connection.create({
      data: { id, name, adapter, encryptedConfig, createdAt: now, lastCheckedAt: now },
    })
    await announce(tx, { topic: 'target' })
    await append(tx, ctx, {
      stage: 'dispatch',
      action: 'connection.created',
      subject: `connection/${id}`,
      body: { name, adapter, knownAs },
    })
    return { id }
  })
}
