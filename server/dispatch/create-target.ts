import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError, ForbiddenError, NotFoundError, UnavailableError } from '../kernel/errors.ts'
import type { Connection } from '../kernel/generated/client.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import type { Control } from '../plan/contract.ts'
import { adapters } from './adapters/index.ts'
import { openConfig } from './connection-config.ts'
import { type Ownership, type TargetAdapter, type TargetInput, targetInput } from './contract.ts'
import { sentence } from './endings.ts'

/**
 * Makes a real thing behind a connection known as a target, after it was read and has accepted a dry run of the level
 * it is at. Returns its id, which `createPool` of plan takes.
 * @throws InvalidInputError for a malformed reference, NotFoundError, ConflictError if the name or the real thing is
 *   taken, ForbiddenError or UnavailableError saying what is missing
 */
export async function createTarget({ ctx, input }: Verb<TargetInput>): Promise<{ id: string }> {
  authorise(ctx, 'target.manage')
  const { connectionId, ...target } = parseInput(targetInput, input, 'target')
  const connection = await ctx.db.connection.findUnique({ where: { id: connectionId } })
  if (connection === null) throw new NotFoundError('connection', connectionId)
  const kept = await rehearseTarget(ctx, connection, target)
  return transact(ctx, (tx) => keepTarget(tx, ctx, connection, kept))
}

/** A target that was read and would take a write, and under which id it can be kept. */
export type Rehearsed = { id: string; name: string; ref: Record<string, string>; ownership: Ownership }

/** Reads a target that is to be kept, and asks it to stay as it is, by `control` if that is known. @throws as `createTarget` does */
export async function rehearseTarget(
  ctx: Pick<Context, 'ids'>,
  connection: Connection,
  { name, ref: rawRef }: Pick<TargetInput, 'name' | 'ref'>,
  control?: Control,
): Promise<Rehearsed> {
  const definition = adapters[connection.adapter]
  const ref = definition.parseRef(rawRef)
  const id = ctx.ids.uuid()
  const ownership = await rehearse(await definition.open(openConfig(connection), ref), { name, id, control })
  return { id, name, ref, ownership }
}

/** Keeps it, in the caller's transaction. @throws ConflictError if the name or the real thing is taken */
export async function keepTarget(
  tx: Tx,
  ctx: Context,
  connection: Connection,
  { id, name, ref, ownership }: Rehearsed,
): Promise<{ id: string }> {
  const { id: connectionId, adapter } = connection
  const taken = await tx.target.findFirst({
    where: { OR: [{ name }, { connectionId, ref: { equals: ref } }] },
  })
  if (taken !== null) {
    const real = adapters[adapter].label(ref)
    const what = taken.name === name ? `target "${name}"` : `target of ${real}, "${taken.name}",`
    throw new ConflictError(`There is a ${what} already.`)
  }
  await tx.target.create({ data: { id, name, connectionId, ref, ownership, createdAt: ctx.clock.now() } })
  await announce(tx, { topic: 'target', id })
  await append(tx, ctx, {
    stage: 'dispatch',
    action: 'target.created',
    subject: `target/${id}`,
    body: { name, connectionId, connection: connection.name, ref },
  })
  return { id }
}

/** Reads the target and asks it, without effect, to stay as it is: that needs the rights that a dispatch needs. */
async function rehearse(
  target: TargetAdapter,
  { name, id, control = target.controls[0] }: { name: string; id: string; control?: Control },
): Promise<Ownership> {
  const { desiredReplicas, lock, ownership } = await target.observe()
  const outcome = await target.dryRun(lock, {
    replicas: desiredReplicas,
    control,
    final: false,
    dispatchId: id,
    fencingToken: 0,
  })
  // A conflict says that somebody scaled it in this moment: we may write, and were only late.
  if (outcome.kind === 'accepted' || outcome.kind === 'conflict') return ownership
  const words = `"${name}" can be read, but would not be scaled: ${sentence(outcome.message)}`
  throw outcome.kind === 'refused' ? new ForbiddenError(words) : new UnavailableError(words)
}
