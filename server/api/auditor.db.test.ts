import { TRPCError } from '@trpc/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { approve } from '../governance/index.ts'
import { createScene, type Scene, seenOf } from '../governance/testing/scene.ts'
import type { Actor } from '../kernel/context.ts'
import { createDb, type Db } from '../kernel/db.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
} from '../runtime/testing/index.ts'
import type { RequestContext } from './request-context.ts'
import { appRouter } from './router.ts'
import { createCaller } from './trpc.ts'

type Procedure = { _def: { type: 'query' | 'mutation' | 'subscription'; meta: { permission: string } } }
const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>)
const pathsOf = (type: Procedure['_def']['type']) =>
  procedures.filter(([, { _def }]) => _def.type === type).map(([path]) => path)

/** What anybody may change, their own sign-in and saved searches, and an auditor's asking that the log be verified. */
const harmless = /^((session|view)\.|audit\.verify$)/

let database: TestDatabase
let readOnly: Db
let scene: Scene
let actor: Actor
/** Inputs that some procedure takes; each is asked with them until it answers. */
let inputs: unknown[]

beforeAll(async () => {
  database = await createTestDatabase()
  scene = await createScene(database.db)
  actor = await createTestPerson(database.db, 'auditor')
  const proposal = await scene.propose(10)
  const decision = await approve({ ctx: await scene.person('operator'), input: seenOf(proposal) })
  const url = new URL(database.appUrl)
  url.searchParams.set('options', '-c default_transaction_read_only=on')
  readOnly = createDb(url.href)
  const ids = [proposal.id, decision.id, scene.workloadId, scene.targetId]
  const { workloadId } = scene
  inputs = [
    ...[undefined, {}, { workloadId }, { decisionId: decision.id }, { proposalId: proposal.id }],
    ...ids.map((id) => ({ id })),
    ...[{ workloadId, signal: 'requests_per_second' }, { rules: [] }, { policy: {} }, { seq: 1 }],
  ]
})
afterAll(async () => {
  await readOnly.$disconnect()
  await database.dispose()
})

/** What an auditor's call comes to: an answer, or the code and the words of its refusal. */
async function called(path: string, input: unknown, db: Db): Promise<{ code: string; words: string }> {
  const ctx: RequestContext = {
    ...testContext({ db, clock: scene.clock, actor }),
    reauthenticate: async () => actor,
    changes: async function* () {},
    auditKeyFile: '',
    publicUrl: '',
    sandbox: null,
  }
  let at: unknown = createCaller(appRouter)(ctx)
  for (const part of path.split('.')) at = (at as Record<string, unknown>)[part]
  try {
    await (at as (input: unknown) => Promise<unknown>)(input)
    return { code: 'answered', words: '' }
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error
    return { code: error.code, words: `${error.message} ${error.cause?.message ?? ''}` }
  }
}

test('no procedure that changes anything is an auditor’s, but for their own sign-in', async () => {
  const open: string[] = []
  for (const path of pathsOf('mutation'))
    if ((await called(path, { not: 'an input' }, database.db)).code !== 'FORBIDDEN') open.push(path)
  expect(open.filter((path) => !harmless.test(path))).toEqual([])
  expect(pathsOf('mutation').length).toBeGreaterThan(60)
})

test('whatever an auditor asks is answered by a database that takes no writes', async () => {
  await expect(
    readOnly.group.create({ data: { id: scene.workloadId, name: 'x', title: 'x', createdAt: new Date() } }),
  ).rejects.toThrow('read-only')
  const wrote: string[] = []
  const answered = new Set<string>()
  for (const path of pathsOf('query')) {
    for (const input of inputs) {
      const { code, words } = await called(path, input, readOnly)
      if (words.includes('read-only')) wrote.push(`${path}: ${words}`)
      if (code !== 'answered') continue
      answered.add(path)
      break
    }
  }
  expect(wrote).toEqual([])
  // The others want more than an id, or refuse an auditor.
  expect(answered.size).toBeGreaterThan(40)
})
