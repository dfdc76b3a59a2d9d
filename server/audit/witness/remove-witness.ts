import { z } from 'zod'
import { authorise, type Verb } from '../../kernel/context.ts'
import { NotFoundError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { transact } from '../../kernel/transact.ts'
import { append } from '../append.ts'

const removeInput = z.object({ id: z.uuid() })

/** Sends nothing to a witness any more; what it holds stays with it. @throws NotFoundError */
export async function removeWitness({ ctx, input }: Verb<z.input<typeof removeInput>>): Promise<void> {
  authorise(ctx, 'audit.witness')
  const { id } = parseInput(removeInput, input, 'witness')
  await transact(ctx, async (tx) => {
    const witness = await tx.auditWitness.findUnique({ where: { id } })
    if (!witness) throw new NotFoundError('witness', id)
    await tx.auditWitness.delete({ where: { id } })
    const { name, kind, destination } = witness
    await append(tx, ctx, {
      stage: 'audit',
      action: 'witness.removed',
      subject: `witness/${id}`,
      body: { name, kind, destination },
    })
  })
}
