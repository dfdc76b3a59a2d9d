import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConflictError } from '../kernel/errors.ts'
import { seededRandom } from '../kernel/rng.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { approve, redeem } from './index.ts'
import { type Approved, asDb, type Mutation, mutations, RolledBack } from './testing/mutations.ts'
import { createScene, seenOf } from './testing/scene.ts'

/** `npm run check:binding` makes a thousand of them. */
const count = Number(process.env.INFRASAGE_MUTATIONS ?? 60)
const seed = 2026

let database: TestDatabase
let world: Omit<Approved, 'db'>
beforeAll(async () => {
  database = await createTestDatabase()
  const scene = await createScene(database.db)
  const admin = await scene.person('admin')
  const approver = await scene.person('operator')
  const proposal = await scene.propose(10)
  const decision = await approve({ ctx: approver, input: seenOf(proposal) })
  scene.afterHold()
  const of = { system: scene.system, admin, approvers: [approver], observedVersion: '7' }
  world = { scene, proposal, decision, decisionId: decision.id, ...of }
})
afterAll(() => database.dispose())

/** Mutates, asks for the plan as the executor does, and leaves nothing behind. Why it was refused; null if it was not. */
async function refusalOf(mutate: (approved: Approved) => Promise<void>): Promise<string | null> {
  const { clock } = world.scene
  const before = clock.now()
  let refusal: string | null = null
  const work = database.db.$transaction(
    async (tx) => {
      const db = asDb(tx)
      const approved = { ...world, db, system: { ...world.system, db }, admin: { ...world.admin, db } }
      await mutate(approved)
      refusal = await askFor(approved)
      throw new RolledBack()
    },
    { timeout: 60_000 },
  )
  await work.catch((error: unknown) => {
    if (!(error instanceof RolledBack)) throw error
  })
  clock.set(before)
  return refusal
}

async function askFor({
  db: tx,
  system: ctx,
  scene,
  decisionId,
  observedVersion,
}: Approved): Promise<string | null> {
  try {
    const observed = [{ targetId: scene.targetId, observedVersion }]
    const result = await redeem({ ctx, tx, input: { decisionId, observed } })
    return result.kind === 'approved' ? null : 'reason' in result ? result.reason : result.kind
  } catch (error) {
    if (error instanceof ConflictError) return error.message
    throw error
  }
}

test('what nobody mutates is carried out, before and after', async () => {
  expect(await refusalOf(async () => {})).toBeNull()
})

test(`${count} mutations between approval and dispatch are all refused, with the reason`, async () => {
  const random = seededRandom(seed)
  const made = new Map<Mutation['name'], number>()
  const passed: string[] = []
  for (let i = 0; i < count; i++) {
    const mutation = mutations[i % mutations.length]
    if (!mutation) continue
    const pick = Math.floor(random() * 10_000)
    const refusal = await refusalOf((approved) => mutation.make(approved, pick))
    if (refusal === null || !mutation.says.test(refusal))
      passed.push(`${mutation.name} (${pick}): ${refusal}`)
    made.set(mutation.name, (made.get(mutation.name) ?? 0) + 1)
  }
  expect(passed).toEqual([])
  expect([...made.values()].reduce((sum, each) => sum + each, 0)).toBe(count)
  expect(await refusalOf(async () => {})).toBeNull()
  if (count > mutations.length * 10) console.log(Object.fromEntries(made))
}, 3_600_000)
