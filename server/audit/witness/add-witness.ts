import { authorise, type Verb } from '../../kernel/context.ts'
import { ConflictError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { type SealedColumn, seal } from '../../kernel/secretbox.ts'
import { transact } from '../../kernel/transact.ts'
import { append } from '../append.ts'
import { type WitnessInput, witnessInput } from '../contract.ts'
import { openWitness } from './kinds.ts'

/** Bound to the witness's id, so that the settings of one cannot be moved to another in the database. */
export const sealOwner = (id: string) => `audit-witness/${id}`

export const sealedWitnessConfig: SealedColumn = {
  ...{ table: 'AuditWitness', id: 'id', column: 'encryptedConfig' },
  ownerOf: sealOwner,
}

/**
 * A new witness; the newest checkpoint goes to it within seconds. What signs a webhook's messages is returned this once.
 * @throws InvalidInputError naming the setting, ConflictError if the name is taken
 */
export async function addWitness({
  ctx,
  input,
}: Verb<WitnessInput>): Promise<{ id: string; secret: string | null }> {
  authorise(ctx, 'audit.witness')
  const { name, kind, everySeconds, config: raw } = parseInput(witnessInput, input, 'witness')
  const { config, destination, secret } = openWitness[kind](raw)
  return transact(ctx, async (tx) => {
    if (await tx.auditWitness.findUnique({ where: { name } })) {
      throw new ConflictError(`There is a witness "${name}" already.`)
    }
    const id = ctx.ids.uuid()
    const now = ctx.clock.now()
    const encryptedConfig = seal(JSON.stringify(config), sealOwner(id))
    const row = { id, name, kind, destination, everySeconds, encryptedConfig }
    await tx.auditWitness.create({ data: { ...row, createdAt: now, dueAt: now } })
    await append(tx, ctx, {
      stage: 'audit',
      action: 'witness.added',
      subject: `witness/${id}`,
      body: { name, kind, destination, everySeconds },
    })
    return { id, secret }
  })
}
