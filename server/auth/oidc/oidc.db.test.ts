import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../kernel/clock.ts'
import { ConflictError } from '../../kernel/errors.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
} from '../../runtime/testing/index.ts'
import { passwordLimits } from '../attempts.ts'
import { createGroup, createUser, inviteUser, liveSession, sessionCookieName } from '../index.ts'
import { headlessBrowser } from '../testing/browser.ts'
import { startForgingProvider } from '../testing/forging-provider.ts'
import { type ProviderAccount, startIdentityProvider } from '../testing/identity-provider.ts'
import { startSignInServer } from '../testing/sign-in-server.ts'

const secret = 'a secret of this test, long enough'
const password = 'quiet harbour lantern'
const mapping = `
groups:
  - { provider: ops, roles: [operator], groups: [platform-eu] }
  - { provider: audit, roles: [auditor] }
`
const accounts = new Map<string, ProviderAccount>()
let database: TestDatabase
let folder: string
let product: Awaited<ReturnType<typeof startSignInServer>>
let provider: Awaited<ReturnType<typeof startIdentityProvider>>

beforeAll(async () => {
  database = await createTestDatabase()
  folder = mkdtempSync(path.join(tmpdir(), 'infrasage-oidc-'))
  writeFileSync(path.join(folder, 'mapping.yaml'), mapping)
  const { db } = database
  await createTestPerson(db, 'admin')
  await createGroup({ ctx: testContext({ db }), input: { name: 'platform-eu', title: 'Platform EU' } })
  product = await startSignInServer(async (publicUrl) => {
    provider = await startIdentityProvider(accounts, `${publicUrl}/api/auth/callback/oidc`)
    return doorTo(provider, publicUrl)
  })
})

type Client = { issuer: string; clientId: string; clientSecret: string }

function doorTo({ issuer, clientId, clientSecret }: Client, publicUrl: string) {
  const { db } = database
  const oidc = {
    ...{ issuer, clientId, clientSecret, mappingFile: path.join(folder, 'mapping.yaml'), name: 'Example' },
    ...{ scope: 'openid email profile', groupsClaim: 'groups' },
  }
  const anonymousContext = () => testContext({ db, clock: systemClock, actor: { kind: 'anonymous' } })
  return { db, secret, publicUrl, limits: passwordLimits, demo: false, oidc, anonymousContext }
}
afterAll(async () => {
  product.stop()
  provider.stop()
  rmSync(folder, { recursive: true })
  await database.dispose()
})

type Browser = ReturnType<typeof headlessBrowser>
const at = (part: string) => `${product.address}/api/auth/${part}`

async function post(browser: Browser, part: string, form: Record<string, string> = {}) {
  const { csrfToken } = JSON.parse((await browser.ask(at('csrf'))).text)
  return browser.ask(at(part), { ...form, csrfToken, callbackUrl: `${product.address}/inbox` })
}

/** Goes to the provider, says who one is there, and comes back. @returns the page that is led to, and all addresses on the way */
async function signInAs(account: string, browser = headlessBrowser()) {
  const visited: string[] = []
  let { next } = await post(browser, 'signin/oidc')
  for (let hops = 0; next && hops < 20; hops++) {
    visited.push(next)
    if (next.startsWith(product.address) && !next.includes('/api/auth/')) break
    const page = await browser.ask(next)
    const asksWho = page.status === 200 && next.includes('/interaction/')
    next = asksWho ? (await browser.ask(next, { prompt: 'login', login: account })).next : page.next
  }
  const led = new URL(visited.at(-1) ?? 'http://nowhere')
  return { browser, visited, led: `${led.pathname}${led.search}` }
}

async function whoIs(browser: Browser) {
  const token = browser.cookies(product.address).get(sessionCookieName(false))
  const headers = new Headers({ cookie: `${sessionCookieName(false)}=${token}` })
  const host = { db: database.db, clock: systemClock, secret, secure: false }
  return liveSession(host, headers, { passive: true })
}

const verified = (email: string, ...groups: string[]) => ({
  email,
  email_verified: true,
  name: 'Some Body',
  groups,
})
const userOf = (email: string) =>
  database.db.user.findUnique({ where: { email }, include: { groups: { include: { group: true } } } })

test('whoever is in a mapped group is in, with its roles and groups; PKCE, state and nonce are sent', async () => {
  accounts.set('olga', verified('olga@example.com', 'ops', 'some-other'))
  const { browser, visited, led } = await signInAs('olga')
  expect(led).toBe('/inbox')
  const sent = new URL(visited[0] ?? '').searchParams
  expect(sent.get('code_challenge_method')).toBe('S256')
  for (const name of ['code_challenge', 'state', 'nonce']) expect(sent.get(name)).toMatch(/.{20,}/)
  expect(await whoIs(browser)).toMatchObject({
    stage: 'full',
    method: 'provider',
    actor: { roles: ['operator'] },
  })
  const user = await userOf('olga@example.com')
  expect(user).toMatchObject({ passwordHash: null, roles: ['operator'] })
  expect(user?.groups.map(({ group, fromProvider }) => [group.name, fromProvider])).toEqual([
    ['platform-eu', true],
  ])
})

test('what a group gave goes with it at the next sign-in, and the sessions of before end', async () => {
  accounts.set('rita', verified('rita@example.com', 'ops'))
  const before = await signInAs('rita')
  accounts.set('rita', verified('rita@example.com', 'audit'))
  const after = await signInAs('rita')
  expect(await whoIs(before.browser)).toBeNull()
  expect(await whoIs(after.browser)).toMatchObject({ actor: { roles: ['auditor'] } })
  expect((await userOf('rita@example.com'))?.groups).toEqual([])
  accounts.set('rita', verified('rita@example.com'))
  expect((await signInAs('rita')).led).toBe('/sign-in?refused=no_role')
  expect(await whoIs(after.browser)).toBeNull()
  expect((await userOf('rita@example.com'))?.roles).toEqual([])
})

test('who is in no mapped group, and whose address is not verified, gets no account', async () => {
  accounts.set('nils', verified('nils@example.com', 'some-other'))
  accounts.set('uwe', { ...verified('uwe@example.com', 'ops'), email_verified: false })
  expect((await signInAs('nils')).led).toBe('/sign-in?refused=no_role')
  expect((await signInAs('uwe')).led).toBe('/sign-in?refused=email_not_verified')
  for (const email of ['nils@example.com', 'uwe@example.com']) expect(await userOf(email)).toBeNull()
})

test('an address that has an account here takes nothing over; its owner connects it when signed in, once', async () => {
  const { db } = database
  const input = { email: 'lena@example.com', name: 'Lena', roles: ['auditor' as const] }
  const ctx = testContext({ db, clock: systemClock })
  const { user } = await createUser({ ctx, input, password })
  accounts.set('mallory', verified('lena@example.com', 'ops'))
  const stranger = await signInAs('mallory')
  expect(stranger.led).toBe('/sign-in?refused=account_exists')
  expect(await whoIs(stranger.browser)).toBeNull()
  expect((await userOf('lena@example.com'))?.roles).toEqual(['auditor'])

  const browser = headlessBrowser()
  await post(browser, 'callback/credentials', { email: 'lena@example.com', password })
  // The first password was a generator's: it opens nothing but the choice of another, and connects no provider.
  expect(await whoIs(browser)).toMatchObject({ stage: 'new_password' })
  await post(browser, 'callback/new-password', { password: 'amber violin teapot' })
  expect(await whoIs(browser)).toMatchObject({
    stage: 'full',
    method: 'password',
    actor: { userId: user.id },
  })
  accounts.set('lena', verified('lena@example.com', 'ops'))
  expect((await signInAs('lena', browser)).led).toBe('/inbox')
  expect(await whoIs(browser)).toMatchObject({
    method: 'provider',
    actor: { userId: user.id, roles: ['operator'] },
  })
  expect((await userOf('lena@example.com'))?.passwordHash).toBeNull()
  const reset = inviteUser({ ctx: testContext({ db }), input: { userId: user.id, reason: 'locked out' } })
  await expect(reset).rejects.toBeInstanceOf(ConflictError)
  expect((await signInAs('mallory')).led).toBe('/sign-in?refused=account_exists')
})

test('a second factor at the provider counts, and none does not stand for one that is asked for here', async () => {
  const { db } = database
  const rules = { secondFactorRoles: ['operator' as const], sessionIdleMinutes: 60, sessionMaxHours: 12 }
  await db.signInRules.create({ data: { ...rules, version: 1, reason: 'test', createdAt: new Date() } })
  accounts.set('weak', verified('weak@example.com', 'ops'))
  accounts.set('strong', { ...verified('strong@example.com', 'ops'), amr: ['pwd', 'mfa'] })
  expect(await whoIs((await signInAs('weak')).browser)).toMatchObject({ stage: 'enrolment' })
  expect(await whoIs((await signInAs('strong')).browser)).toMatchObject({ stage: 'full' })
})

test('an answer that was not asked for by this browser is refused', async () => {
  accounts.set('olga', verified('olga@example.com', 'ops'))
  const victim = headlessBrowser()
  await post(victim, 'signin/oidc')
  const attacker = headlessBrowser()
  const { next } = await post(attacker, 'signin/oidc')
  const forged = new URL(at('callback/oidc'))
  forged.searchParams.set('code', 'stolen')
  forged.searchParams.set('state', new URL(next ?? '').searchParams.get('state') ?? '')
  const { next: led } = await victim.ask(forged.href)
  expect(led).toContain('error=')
  expect(await whoIs(victim)).toBeNull()
})

test('an account that was shut out stays out, whatever the provider says', async () => {
  accounts.set('gone', verified('gone@example.com', 'ops'))
  await signInAs('gone')
  await database.db.user.update({ where: { email: 'gone@example.com' }, data: { active: false } })
  expect((await signInAs('gone')).led).toBe('/sign-in?refused=inactive')
})

test('an ID token of another key, without a signature, for another client, of another issuer, nonce or time opens nothing', async () => {
  const before = product
  const forging = await startForgingProvider({ sub: 'fay', ...verified('fay@example.com', 'ops') })
  product = await startSignInServer(async (publicUrl) => doorTo(forging, publicUrl))
  for (const what of ['another key', 'no signature', 'nonce', 'audience', 'issuer', 'age'] as const) {
    forging.forge(what)
    const { browser, led } = await signInAs('fay')
    expect([what, led]).toEqual([what, expect.stringContaining('error=')])
    expect(await whoIs(browser)).toBeNull()
  }
  expect(await userOf('fay@example.com')).toBeNull()
  forging.forge('none')
  expect((await signInAs('fay')).led).toBe('/inbox')
  product.stop()
  forging.stop()
  product = before
  process.env.NEXTAUTH_URL = before.address
})
