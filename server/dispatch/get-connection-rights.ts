import { authorise, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { adapters } from './adapters/index.ts'
import { type ConnectionRights, type ConnectionRightsInput, connectionRightsInput } from './contract.ts'

/**
 * What has to be granted on the other side of a connection for exactly its targets, to be applied there by somebody who may. It is
 * worked out from what is mapped; nobody is asked. @throws NotFoundError
 */
export async function getConnectionRights({
  ctx,
  input,
}: Verb<ConnectionRightsInput>): Promise<ConnectionRights> {
  authorise(ctx, 'target.read')
  const { connectionId, ...options } = parseInput(connectionRightsInput, input, 'connection')
  const connection = await ctx.db.connection.findUnique({
    where: { id: connectionId },
    select: { adapter: true, targets: { select: { ref: true }, orderBy: { name: 'asc' } } },
  })
  if (connection === null) throw new NotFoundError('connection', connectionId)
  const refs = connection.targets.map(({ ref }) => ref)
  const manifest = adapters[connection.adapter].rights(refs, options)
  return { manifest, targets: refs.length + options.also.length }
}
