import { authorise, type Context, type Verb } from '../../kernel/context.ts'
import type { AuditWitness } from '../../kernel/generated/client.ts'
import { OutboundError } from '../../kernel/outbound.ts'
import { unseal } from '../../kernel/secretbox.ts'
import { publicKeyPem, readAuditKey } from '../audit-key.ts'
import type { AuditCheckpointView } from '../contract.ts'
import { newestCheckpoints } from '../stored-log.ts'
import { sealOwner } from './add-witness.ts'
import { openWitness } from './kinds.ts'

/** A witness whose sender died is taken over after this; longer than a sending may take. */
const leaseMs = 60_000
const firstRetrySeconds = 10
const longestRetrySeconds = 3_600

/**
 * Sends the newest checkpoint to every witness that is due and does not hold it; what fails is tried again after 10 s, 20 s,
 * and so on up to an hour. Nothing of it goes into the log: each entry would be a reason to send another checkpoint.
 * @returns how many took one
 */
export async function sendDue({ ctx, input }: Verb<{ keyFile: string }>): Promise<number> {
  authorise(ctx, 'audit.seal')
  const [newest] = await newestCheckpoints(ctx.db, 1)
  if (!newest) return 0
  const publicKey = publicKeyPem(readAuditKey(input.keyFile))
  const due = await claim(ctx)
  const taken = await Promise.all(due.map((witness) => sendOne(ctx, witness, newest, publicKey)))
  return taken.filter(Boolean).length
}

async function claim(ctx: Context): Promise<AuditWitness[]> {
  const now = ctx.clock.now()
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    UPDATE "AuditWitness" SET "dueAt" = ${new Date(now.getTime() + leaseMs)}
    WHERE "id" IN (SELECT "id" FROM "AuditWitness" WHERE "dueAt" <= ${now} FOR UPDATE SKIP LOCKED) RETURNING "id"`
  return ctx.db.auditWitness.findMany({ where: { id: { in: rows.map(({ id }) => id) } } })
}

async function sendOne(
  ctx: Context,
  witness: AuditWitness,
  checkpoint: AuditCheckpointView,
  publicKey: string,
): Promise<boolean> {
  const { id, kind } = witness
  const at = ctx.clock.now()
  const after = (seconds: number) => new Date(at.getTime() + seconds * 1_000)
  if (Number(witness.heldSize ?? 0) >= checkpoint.size) {
    await ctx.db.auditWitness.updateMany({ where: { id }, data: { dueAt: after(firstRetrySeconds) } })
    return false
  }
  try {
    const { send } = openWitness[kind](JSON.parse(unseal(witness.encryptedConfig, sealOwner(id))))
    await send({ checkpoint, publicKey, at })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (!(error instanceof OutboundError))
      ctx.log.error({ witness: id, error }, 'a checkpoint cannot be sent')
    const attempts = witness.attempts + 1
    const wait = Math.min(longestRetrySeconds, firstRetrySeconds * 2 ** Math.min(20, attempts - 1))
    await ctx.db.auditWitness.updateMany({
      where: { id },
      data: { attempts, lastError: message.slice(0, 500), dueAt: after(wait) },
    })
    return false
  }
  const held = { heldSize: BigInt(checkpoint.size), heldAt: at, attempts: 0, lastError: null }
  await ctx.db.auditWitness.updateMany({
    where: { id },
    data: { ...held, dueAt: after(witness.everySeconds) },
  })
  return true
}
