import { authenticateApiKey, createApiKey, listApiKeys, listUsers, revokeApiKey } from '../../auth/index.ts'
import type { Context } from '../../kernel/context.ts'
import { ConflictError, UnauthenticatedError } from '../../kernel/errors.ts'
import { permissions } from '../../kernel/roles.ts'

const keyName = 'Sandbox telemetry'
const mayWrite: readonly string[] = permissions['telemetry.write'].roles

/** Whether a key still opens the intake: not revoked, and its owner still active and in a role that may write. */
async function works(ctx: Context, token: string): Promise<boolean> {
  try {
    const actor = await authenticateApiKey(ctx, token)
    return actor.roles.some((role) => mayWrite.includes(role))
  } catch (error) {
    if (error instanceof UnauthenticatedError) return false
    throw error
  }
}

/**
 * The key by which the sandbox sends telemetry: `token` as long as it works, otherwise a new one, and then every
 * earlier key of the sandbox is revoked.
 * @throws ConflictError when nobody is left who may own it.
 */
export async function ensureIntakeKey(ctx: Context, token: string | undefined): Promise<string> {
  if (token && (await works(ctx, token))) return token
  const owner = (await listUsers({ ctx })).find(
    ({ active, roles }) => active && roles.some((role) => mayWrite.includes(role)),
  )
  if (!owner) throw new ConflictError('The sandbox needs an active operator or admin to send telemetry for.')
  for (const { id, name, state } of await listApiKeys({ ctx })) {
    if (name === keyName && state !== 'revoked') await revokeApiKey({ ctx, input: { keyId: id } })
  }
  const input = {
    name: keyName,
    scopes: ['telemetry:write' as const],
    expiresInDays: null,
    ownerId: owner.id,
  }
  return (await createApiKey({ ctx, input })).token
}
