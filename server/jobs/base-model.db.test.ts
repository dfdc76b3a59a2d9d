import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reproduceForecast, SHIPPED_BASE, shippedBaseHash } from '../forecast/index.ts'
import {
  approveBase,
  expireBases,
  getBase,
  listBases,
  refitBase,
  refitWhenDue,
  rejectBase,
  rollBackBase,
} from '../governance/index.ts'
import { manualClock } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import type { Role } from '../kernel/roles.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
  testStart,
} from '../runtime/testing/index.ts'
import { createLiveScene, mapDemand } from './testing/live-scene.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await mapDemand(database.db)
})
afterAll(() => database.dispose())

const dayMs = 86_400_000
const clock = manualClock(testStart)
const system = () => testContext({ db: database.db, clock })
const person = async (...roles: Role[]): Promise<Context> =>
  testContext({ db: database.db, clock, actor: await createTestPerson(database.db, ...roles) })

const live = async () => (await listBases({ ctx: system() })).rows.find((row) => row.live)?.version

/** A candidate as a refit of the live base leaves it, with the shipped weights. */
async function candidate({
  passed = true,
  parent,
  weights = SHIPPED_BASE.weights,
}: {
  passed?: boolean
  parent?: string
  weights?: string
} = {}) {
  const { rows } = await listBases({ ctx: system() })
  const number = rows.length
  const version = `base-${number}`
  const id = randomUUID()
  const worst = { name: 'day', change: passed ? 0.01 : 0.2 }
  await database.db.baseModel.create({
    data: {
      ...{ id, number, version, parent: parent ?? (await live()) ?? '', state: 'waiting', passed },
      ...{ model: { ...SHIPPED_BASE, version, weights }, hash: shippedBaseHash, trainedRows: 100 },
      test: { allowedWorse: 0.05, groups: [], worst, passed },
      ...{ createdAt: clock.now(), expiresAt: new Date(clock.now().getTime() + 14 * dayMs) },
    },
  })
  return { id, version, hash: shippedBaseHash, reason: 'looked at the groups' }
}

const logged = async (id: string) =>
  (
    await database.db.auditEntry.findMany({
      where: { subject: `base-model/${id}` },
      orderBy: { seq: 'asc' },
    })
  ).map(({ action }) => action)

describe('the life of a base', () => {
  test('from refit to approval to rollback: forecasts follow the decision, and none before it changes', async () => {
    const scene = await createLiveScene(database.db)
    await scene.history(120)
    await scene.turn()
    const refitted = await refitBase({ ctx: scene.system })
    expect(refitted).toMatchObject({ version: 'base-1', parent: 'base-0', state: 'waiting', live: false })
    expect(refitted.test?.groups.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['workload', 'anchor']),
    )
    expect(refitted.passed).toBe(true)

    await scene.live(3)
    const operator = await person('operator')
    const seen = { id: refitted.id ?? '', hash: refitted.hash, reason: 'no group lost' }
    await approveBase({ ctx: operator, input: seen })
    expect(await live()).toBe('base-1')
    await scene.live(3)
    await rollBackBase({ ctx: operator, input: { ...seen, reason: 'to see that it goes back' } })
    expect(await live()).toBe('base-0')
    await scene.live(3)

    const stored = await scene.forecasts()
    const bases = stored.map(
      ({ snapshot }) => (snapshot as { lineage: { baseModel: string } }).lineage.baseModel,
    )
    expect([...new Set(bases)]).toEqual(['base-0', 'base-1'])
    expect(bases.join(' ')).toMatch(/^(base-0 )+(base-1 ){2,}(base-0 ?)+$/)
    for (const { id } of stored) {
      const again = await reproduceForecast({ ctx: scene.system, input: { forecastId: id } })
      expect(again.text).toMatch(/every byte of state and forecast is the same/)
    }
    expect(await logged(seen.id)).toEqual(['baseModel.propose', 'baseModel.approve', 'baseModel.rollback'])
    const { decisions } = await getBase({ ctx: operator, input: { id: seen.id } })
    expect(decisions.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['approve', 'no group lost'],
      ['rollback', 'to see that it goes back'],
    ])
  })

  test('a refit needs a past to learn from, and comes once a week', async () => {
    const empty = await createTestDatabase()
    const ctx = testContext({ db: empty.db, clock })
    await expect(refitBase({ ctx })).rejects.toThrow(/a refit needs 48/)
    expect(await refitWhenDue({ ctx })).toMatch(/first forecast is less than a week old/)
    await empty.dispose()
  })
})

describe('nothing goes live unapproved', () => {
  test('a failed forgetting test cannot be approved, by verb or by hand', async () => {
    const failed = await candidate({ passed: false })
    await expect(approveBase({ ctx: await person('admin'), input: failed })).rejects.toThrow(
      /failed its forgetting test/,
    )
    const byHand = database.db.baseModel.update({ where: { id: failed.id }, data: { state: 'approved' } })
    await expect(byHand).rejects.toThrow(/failed its forgetting test/)
    expect((await listBases({ ctx: system() })).waiting).toBe(0)
    await rejectBase({ ctx: await person('operator'), input: failed })
  })

  test('the database refuses a base without a decision of a person, and any change of what was refitted', async () => {
    const { id, hash } = await candidate()
    const { baseModel, baseDecision } = database.db
    const approve = () => baseModel.update({ where: { id }, data: { state: 'approved' } })
    await expect(approve()).rejects.toThrow(/only by a person/)
    const decision = {
      baseModelId: id,
      kind: 'approve',
      actor: system().actor,
      hash,
      at: clock.now(),
    } as const
    await baseDecision.create({ data: { ...decision, id: randomUUID() } })
    await expect(approve()).rejects.toThrow(/only by a person/)
    await expect(baseModel.update({ where: { id }, data: { passed: true, hash: 'x' } })).rejects.toThrow()
    await expect(baseModel.delete({ where: { id } })).rejects.toThrow()
    await expect(baseDecision.updateMany({ data: { reason: 'x' } })).rejects.toThrow()
    expect(await live()).toBe('base-0')
    await rejectBase({ ctx: await person('operator'), input: { id, hash, reason: 'was a test' } })
  })

  test('weights that are not those of the hash that was seen cannot go live', async () => {
    const ctx = await person('admin')
    const bytes = Buffer.from(SHIPPED_BASE.weights, 'base64')
    bytes.writeFloatLE(Number.NaN, 0)
    const forged = await candidate({ weights: bytes.toString('base64') })
    await expect(approveBase({ ctx, input: forged })).rejects.toThrow(/it was altered/)
    expect(await live()).toBe('base-0')
    expect(await logged(forged.id)).toEqual([])
    await rejectBase({ ctx, input: forged })
  })

  test('the system decides nothing', async () => {
    const waiting = await candidate()
    await expect(approveBase({ ctx: system(), input: waiting })).rejects.toThrow(/Only a person/)
    await rejectBase({ ctx: await person('operator'), input: waiting })
    expect(await logged(waiting.id)).toEqual(['baseModel.reject'])
  })

  test('of two deciders one wins, and the other is told who did', async () => {
    const waiting = await candidate()
    const [ann, ben] = [await person('operator'), await person('admin')]
    const outcomes = await Promise.allSettled([
      approveBase({ ctx: ann, input: waiting }),
      rejectBase({ ctx: ben, input: waiting }),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const lost = outcomes.find((outcome) => outcome.status === 'rejected')
    expect(String(lost?.reason)).toMatch(/Test (operator|admin).*(approved|rejected) base-\d+ at/)
    expect(await logged(waiting.id)).toHaveLength(1)
    if ((await live()) === waiting.version) await rollBackBase({ ctx: ann, input: waiting })
  })

  test('of two candidates of one parent only one goes live; rollback returns to the parent, and only from the live one', async () => {
    const ctx = await person('operator')
    const [first, second] = [await candidate(), await candidate()]
    await approveBase({ ctx, input: first })
    await expect(approveBase({ ctx, input: second })).rejects.toThrow(/is live now/)
    await rejectBase({ ctx, input: second })
    const third = await candidate()
    await approveBase({ ctx, input: third })
    await expect(rollBackBase({ ctx, input: first })).rejects.toThrow(/roll that back first/)
    await rollBackBase({ ctx, input: third })
    expect(await live()).toBe(first.version)
    await rollBackBase({ ctx, input: first })
    expect(await live()).toBe(SHIPPED_BASE.version)
  })

  test('a candidate that nobody decides on expires', async () => {
    const waiting = await candidate()
    clock.advance(15 * dayMs)
    await expect(approveBase({ ctx: await person('operator'), input: waiting })).rejects.toThrow(/expired/)
    expect(await expireBases({ ctx: system() })).toBe(1)
    expect((await getBase({ ctx: system(), input: { id: waiting.id } })).state).toBe('expired')
    expect(await logged(waiting.id)).toEqual(['baseModel.expire'])
  })
})
