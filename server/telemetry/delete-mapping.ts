import { z } from 'zod'
import { append } from '../audit/index.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { mappingView } from './mapping/rules.ts'

const deleteMappingInput = z.object({ id: z.uuid() })

/** Takes a mapping away; what it brought in stays. @throws NotFoundError */
export async function deleteMapping({
  ctx,
  input,
}: Verb<z.infer<typeof deleteMappingInput>>): Promise<{ id: string }> {
  authorise(ctx, 'mapping.manage')
  const { id } = parseInput(deleteMappingInput, input, 'request')
  return transact(ctx, async (tx) => {
    const row = await tx.signalMapping.findUnique({ where: { id } })
    const { count } = await tx.signalMapping.deleteMany({ where: { id } })
    if (!row || count === 0) throw new NotFoundError('mapping', id)
    const { id: _, ...mapping } = mappingView(row)
    await append(tx, ctx, {
      stage: 'telemetry',
      action: 'mapping.deleted',
      subject: `mapping/${id}`,
      body: mapping,
    })
    return { id }
  })
}
