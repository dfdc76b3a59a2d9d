import { append } from '../audit/index.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type MappingInput, type MappingView, mappingInput } from './contract.ts'
import { mappingView } from './mapping/rules.ts'

/**
 * Declares which samples are which signal of which workload. It holds for samples that arrive from now on.
 * @throws ConflictError when the metric already has a mapping of that priority.
 */
export async function createMapping({ ctx, input }: Verb<MappingInput>): Promise<MappingView> {
  authorise(ctx, 'mapping.manage')
  const mapping = parseInput(mappingInput, input, 'mapping')
  return transact(ctx, async (tx) => {
    const [row] = await tx.signalMapping.createManyAndReturn({
      data: [{ ...mapping, id: ctx.ids.uuid(), createdAt: ctx.clock.now() }],
      skipDuplicates: true,
    })
    if (!row) {
      throw new ConflictError(
        `"${mapping.metric}" already has a mapping of priority ${mapping.priority}; choose another priority or delete that one.`,
      )
    }
    await append(tx, ctx, {
      stage: 'telemetry',
      action: 'mapping.created',
      subject: `mapping/${row.id}`,
      body: mapping,
    })
    return mappingView(row)
  })
}
