import { append } from '../../audit/index.ts'
import type { Context, Verb } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { ConflictError } from '../../kernel/errors.ts'
import type { Role } from '../../kernel/roles.ts'
import { transact } from '../../kernel/transact.ts'
import type { RefusedByProvider } from '../contract.ts'
import { type OpenedSession, openSession } from '../open-session.ts'
import type { LiveSession } from '../session.ts'
import { type SignInVisit, stageAfterPassword } from '../sign-in.ts'
import { changeAccount } from '../update-account.ts'
import type { ProviderPerson } from './claims.ts'
import { setProviderGroups } from './provider-groups.ts'
import { type Mapping, mapGroups } from './settings.ts'

export type ProviderSignIn = {
  issuer: string
  person: ProviderPerson
  visit: SignInVisit
  /** The session that the browser holds: whoever is signed in already connects the account. */
  begun: LiveSession | null
}
type Outcome = { opened: OpenedSession } | { refused: RefusedByProvider }
type Account = { id: string; email: string; name: string; roles: Role[]; active: boolean }

/**
 * Signs in whom the provider vouches for. People are known by issuer and subject, never by e-mail address: an address that
 * belongs to an account already opens nothing, unless its owner is signed in here and connects it. Roles and groups become
 * what the mapping says now, whatever they were; that is kept even where the answer is a refusal.
 */
export async function signInWithProvider(
  { ctx, input: { issuer, person, visit, begun } }: Verb<ProviderSignIn>,
  mapping: Mapping,
): Promise<Outcome> {
  const asProvider: Context = { ...ctx, actor: { kind: 'system', component: 'identity provider' } }
  const held = mapGroups(mapping, person.groups)
  const outcome = await transact(asProvider, async (tx): Promise<Outcome | { account: Account }> => {
    const found = await findAccount(tx, asProvider, { issuer, person, begun }, held.roles.length > 0)
    if ('refused' in found) return found
    const account = await holdWhatIsMapped(tx, asProvider, found.account, held)
    if (!account.active) return { refused: 'inactive' }
    if (held.roles.length === 0) return { refused: 'no_role' }
    await tx.providerIdentity.update({
      where: { issuer_subject: { issuer, subject: person.subject } },
      data: { lastSignInAt: ctx.clock.now() },
    })
    const stage = person.multiFactor ? 'full' : await stageAfterPassword(tx, account)
    const how = { method: 'provider', stage, strong: person.multiFactor } as const
    return { opened: await openSession(tx, ctx, account, how, visit) }
  }).catch((error): Outcome => {
    if (error instanceof ConflictError) return { refused: 'last_admin' }
    throw error
  })
  if ('account' in outcome) throw new Error('signing in neither opened a session nor was refused')
  return outcome
}

const accountFields = { id: true, email: true, name: true, roles: true, active: true } as const

async function findAccount(
  tx: Tx,
  ctx: Context,
  { issuer, person, begun }: Pick<ProviderSignIn, 'issuer' | 'person' | 'begun'>,
  hasRole: boolean,
): Promise<{ account: Account } | { refused: RefusedByProvider }> {
  const { subject, email, name } = person
  const known = await tx.providerIdentity.findUnique({
    where: { issuer_subject: { issuer, subject } },
    select: { user: { select: accountFields } },
  })
  if (known) return { account: known.user }
  // Before anything is made or connected: connecting drops the password, and nobody is to be locked out by it.
  if (!hasRole) return { refused: 'no_role' }
  if (!person.emailVerified) return { refused: 'email_not_verified' }
  const at = ctx.clock.now()
  const identity = { issuer, subject, createdAt: at, lastSignInAt: at }
  const owner = await tx.user.findUnique({ where: { email }, select: accountFields })
  if (owner) {
    if (begun?.stage !== 'full' || begun.actor.userId !== owner.id) return { refused: 'account_exists' }
    await tx.providerIdentity.create({ data: { ...identity, userId: owner.id } })
    const change = { passwordHash: null }
    const body = { email, issuer, subject }
    await changeAccount(tx, ctx, owner.id, change, () => ({ action: 'user.identity-connected', body }))
    return { account: owner }
  }
  const account = await tx.user.create({
    data: { id: ctx.ids.uuid(), email, name, createdAt: at, roles: [] },
    select: accountFields,
  })
  await tx.providerIdentity.create({ data: { ...identity, userId: account.id } })
  await append(tx, ctx, {
    stage: 'auth',
    action: 'user.created',
    subject: `user/${account.id}`,
    body: { email, name, roles: [], issuer, subject },
  })
  return { account }
}

/** @throws ConflictError when no active admin would be left */
async function holdWhatIsMapped(
  tx: Tx,
  ctx: Context,
  account: Account,
  { roles, groups }: { roles: Role[]; groups: string[] },
): Promise<Account> {
  await setProviderGroups(tx, ctx, account, groups)
  if ([...account.roles].sort().join() === [...roles].sort().join()) return account
  await changeAccount(tx, ctx, account.id, { roles }, (before) => ({
    action: 'user.roles-set',
    body: {
      email: before.email,
      before: before.roles,
      after: roles,
      reason: 'groups at the identity provider',
    },
  }))
  return { ...account, roles }
}
