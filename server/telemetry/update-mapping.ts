import { append } from '../audit/index.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type MappingUpdate, type MappingView, mappingInput, mappingUpdate } from './contract.ts'
import { mappingView } from './mapping/rules.ts'

/**
 * Changes what is given, and logs the old and the new. It holds for samples that arrive from now on.
 * @throws NotFoundError, InvalidInputError when the whole would be no mapping
 */
export async function updateMapping({ ctx, input }: Verb<MappingUpdate>): Promise<MappingView> {
  authorise(ctx, 'mapping.manage')
  const { id, ...change } = parseInput(mappingUpdate, input, 'change')
  return transact(ctx, async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM "SignalMapping" WHERE "id" = ${id}::uuid FOR UPDATE`
    const before = await tx.signalMapping.findUnique({ where: { id } })
    if (!before) throw new NotFoundError('mapping', id)
    const { id: _, ...from } = mappingView(before)
    parseInput(mappingInput, { ...from, ...change }, 'mapping')
    const row = await tx.signalMapping.update({ where: { id }, data: change })
    await append(tx, ctx, {
      stage: 'telemetry',
      action: 'mapping.changed',
      subject: `mapping/${id}`,
      body: { from, change },
    })
    return mappingView(row)
  })
}
