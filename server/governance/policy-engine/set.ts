import { append } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import { authorise, type Context, type Verb } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { ConflictError, InvalidInputError } from '../../kernel/errors.ts'
import type { PolicyEngine } from '../../kernel/generated/client.ts'
import { parseInput } from '../../kernel/parse.ts'
import { transact } from '../../kernel/transact.ts'
import { engineChanges, lockInOrder } from '../locks.ts'
import {
  type EngineSettings,
  type PolicyEngineView,
  type RemovePolicyEngineInput,
  removePolicyEngineInput,
  type SetPolicyEngineInput,
  setPolicyEngineInput,
} from './contract.ts'
import { getPolicyEngine } from './get.ts'
import { httpEngine } from './http-engine.ts'
import { engineId, engineRow, sealToken } from './in-force.ts'

/**
 * Puts a policy engine in force, or changes it: from the commit on nothing is approved or carried out without its yes. What it, or
 * another one, said before counts no more; what waits is asked about anew.
 * @throws InvalidInputError naming the setting, ConflictError if somebody changed it since it was looked at
 */
export async function setPolicyEngine({ ctx, input }: Verb<SetPolicyEngineInput>): Promise<PolicyEngineView> {
  authorise(ctx, 'policy.manage')
  const { reason, basedOn, ...settings } = parseInput(setPolicyEngineInput, input, 'policy engine')
  const { url, timeoutMs, enforcement } = settings
  httpEngine.requireUsable({ url, timeoutMs, token: settings.token ?? null })
  await transact(ctx, async (tx) => {
    const before = await rowToChange(tx, basedOn)
    const encryptedToken = sealedToken(before, settings)
    const next = { version: basedOn + 1, url, encryptedToken, timeoutMs, enforcement }
    await keep(tx, ctx, next)
    await ctx.queue.send(tx, 'judge', {}, { key: 'judge' })
    await append(tx, ctx, {
      stage: 'governance',
      action: before?.url ? 'engine.changed' : 'engine.set',
      subject: 'policy-engine',
      body: {
        ...{ version: next.version, reason, url, timeoutMs, enforcement },
        hasToken: encryptedToken !== null,
        newToken: typeof settings.token === 'string',
        before: before?.url ?? null,
      },
    })
  })
  return getPolicyEngine({ ctx })
}

/**
 * From now on no engine is asked; its token is forgotten, what it said is kept.
 * @throws ConflictError if there is none, or somebody changed it since it was looked at
 */
export async function removePolicyEngine({
  ctx,
  input,
}: Verb<RemovePolicyEngineInput>): Promise<PolicyEngineView> {
  authorise(ctx, 'policy.manage')
  const { reason, basedOn } = parseInput(removePolicyEngineInput, input, 'request')
  await transact(ctx, async (tx) => {
    const before = await rowToChange(tx, basedOn)
    if (!before?.url) throw new ConflictError('No policy engine is set.')
    const { timeoutMs, enforcement, url } = before
    const version = basedOn + 1
    await keep(tx, ctx, { version, url: null, encryptedToken: null, timeoutMs, enforcement })
    await append(tx, ctx, {
      stage: 'governance',
      action: 'engine.removed',
      subject: 'policy-engine',
      body: { version, reason, url },
    })
  })
  return getPolicyEngine({ ctx })
}

async function rowToChange(tx: Tx, basedOn: number): Promise<PolicyEngine | null> {
  await lockInOrder(tx, [engineChanges])
  const row = await engineRow(tx)
  const version = row?.version ?? 0
  if (version === basedOn) return row
  throw new ConflictError(
    `Version ${version} of the policy engine stands, and you changed version ${basedOn}. Look at it first.`,
    [{ path: 'basedOn', message: `is ${basedOn}`, expected: String(version) }],
  )
}

async function keep(tx: Tx, ctx: Context, settings: Omit<PolicyEngine, 'id' | 'updatedAt'>): Promise<void> {
  const data = { ...settings, updatedAt: ctx.clock.now() }
  await tx.policyEngine.upsert({
    where: { id: engineId },
    create: { ...data, id: engineId },
    update: data,
  })
  await announce(tx, { topic: 'policy' })
  await announce(tx, { topic: 'proposal' })
}

/**
 * What is kept as the token. It belongs to where it is sent: another address must be given its own, or told that it has none.
 * @throws InvalidInputError
 */
export function sealedToken(before: PolicyEngine | null, { url, token }: EngineSettings): string | null {
  if (token === null) return null
  if (token !== undefined) return sealToken(token)
  const kept = before?.encryptedToken ?? null
  if (kept === null || sameOrigin(before?.url ?? '', url)) return kept
  const message = 'is missing: the address is another one; give its token, or null for none'
  throw new InvalidInputError(`The policy engine is not valid: "token" ${message}.`, [
    { path: 'token', message },
  ])
}

function sameOrigin(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).origin === new URL(b).origin
}
