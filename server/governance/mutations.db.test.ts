import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../kernel/context.ts'
import { ConflictError } from '../kernel/errors.ts'
import { seededRandom } from '../kernel/rng.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { approve, breakGlass, redeem } from './index.ts'
import { UnaskedError } from './policy-engine/leave.ts'
import { publishRulesOfApproval } from './testing/approvals.ts'
import { type Approved, asDb, type Mutation, mutations, RolledBack } from './testing/mutations.ts'
import { createScene, type Scene, seenOf } from './testing/scene.ts'

/** `npm run check:binding` makes a thousand of them. */
const count = Number(process.env.INFRASAGE_MUTATIONS ?? 48)
const seed = 2026

/** Many are made side by side, each lane in a database of its own: what one changes another must not wait for. */
const lanes = count > 200 ? 4 : 1

type Lane = { database: TestDatabase; plain: Omit<Approved, 'db'>; underGlass: Omit<Approved, 'db'> }
let open: Lane[] = []
beforeAll(async () => {
  open = await Promise.all(Array.from({ length: lanes }, openLane))
}, 60_000)
afterAll(() => Promise.all(open.map(({ database }) => database.dispose())))

/** Approvals by a person alone, and by one under broken glass where two are asked for. */
async function openLane(): Promise<Lane> {
  const database = await createTestDatabase()
  const plain = await approvedIn(await createScene(database.db))
  const scene = await createScene(database.db)
  const rule = { name: 'two', scope: { workload: scene.name }, approvers: 2 }
  await publishRulesOfApproval(plain.admin, { approvals: [rule] })
  const underGlass = await approvedIn(scene, async (ctx) => {
    await breakGlass({ ctx, input: { minutes: 5, reason: 'everything burns' } })
  })
  return { database, plain, underGlass }
}

async function approvedIn(
  scene: Scene,
  before: (approver: Context) => Promise<void> = async () => {},
): Promise<Omit<Approved, 'db'>> {
  const admin = await scene.person('admin')
  const approver = await scene.person('operator')
  const proposal = await scene.propose(10)
  await before(approver)
  const decision = await approve({ ctx: approver, input: seenOf(proposal) })
  scene.afterHold()
  const of = { system: scene.system, admin, approvers: [approver], observedVersion: '7' }
  return { scene, proposal, decision, decisionId: decision.id, ...of }
}

/** Mutates, asks for the plan as the executor does, and leaves nothing behind. Why it was refused; null if it was not. */
async function refusalOf(
  { database, ...worlds }: Lane,
  mutate: (approved: Approved) => Promise<void>,
  of: 'plain' | 'underGlass' = 'plain',
): Promise<string | null> {
  const world = worlds[of]
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
    if (error instanceof ConflictError || error instanceof UnaskedError) return error.message
    throw error
  }
}

const untouched = () =>
  Promise.all(
    open.flatMap((lane) => [refusalOf(lane, async () => {}), refusalOf(lane, async () => {}, 'underGlass')]),
  )

test('what nobody mutates is carried out', async () => {
  expect(new Set(await untouched())).toEqual(new Set([null]))
})

test(`${count} mutations between approval and dispatch are all refused, with the reason`, async () => {
  const random = seededRandom(seed)
  const made = new Map<Mutation['name'], number>()
  const passed: string[] = []
  const work = Array.from({ length: count }, (_, i) => ({ i, pick: Math.floor(random() * 10_000) }))
  const start = { wall: performance.now(), cpu: process.cpuUsage() }
  const go = async (lane: Lane) => {
    for (let next = work.shift(); next !== undefined; next = work.shift()) {
      const { i, pick } = next
      const mutation = mutations[i % mutations.length]
      if (!mutation) continue
      const of = mutation.underGlass ? 'underGlass' : 'plain'
      const refusal = await refusalOf(lane, (approved) => mutation.make(approved, pick), of)
      if (refusal === null || !mutation.says.test(refusal))
        passed.push(`${mutation.name} (${pick}): ${refusal}`)
      made.set(mutation.name, (made.get(mutation.name) ?? 0) + 1)
    }
  }
  await Promise.all(open.map(go))
  expect(passed).toEqual([])
  expect([...made.values()].reduce((sum, each) => sum + each, 0)).toBe(count)
  expect(made.size).toBe(mutations.length)
  // It was the mutations, and nothing that they left behind.
  expect(new Set(await untouched())).toEqual(new Set([null]))
  if (count <= mutations.length * 10) return
  const { user, system } = process.cpuUsage(start.cpu)
  const seconds = { wall: (performance.now() - start.wall) / 1_000, cpu: (user + system) / 1e6 }
  console.log(Object.fromEntries(made), seconds)
}, 3_600_000)
