import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Context } from '../../kernel/context.ts'
import { updateOffering } from '../../plan/index.ts'
import { createTestDatabase, type TestDatabase } from '../../runtime/testing/index.ts'
import { budgetAlerts, getRules, keepLedger, publishRules, saveDraft } from '../index.ts'
import { createScene, type Scene } from '../testing/scene.ts'

let database: TestDatabase
let scene: Scene
let admin: Context
const minute = 60_000

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  scene = await createScene(database.db)
  admin = await scene.person('admin')
})

const keep = () => keepLedger({ ctx: scene.system })
const hours = async () =>
  (
    await database.db.spendHour.findMany({
      where: { workloadId: scene.workloadId },
      orderBy: { hour: 'asc' },
    })
  ).map(({ hour, usd }) => [hour.toISOString().slice(11, 16), Number(usd.toFixed(6))])

test('every minute is charged at the level and the price that it had', async () => {
  // Six replicas at $2 from 09:00; eight from 09:20; at $3 from 09:50; looked at again at 10:30.
  scene.clock.advance(20 * minute)
  await scene.observe(8, '8')
  scene.clock.advance(30 * minute)
  await updateOffering({ ctx: admin, input: { id: scene.offeringId, pricePerReplicaHourUsd: 3 } })
  scene.clock.advance(40 * minute)
  await keep()
  expect(await hours()).toEqual([
    ['09:00', (6 * 2 * 20 + 8 * 2 * 30 + 8 * 3 * 10) / 60],
    ['10:00', (8 * 3 * 30) / 60],
  ])
  expect(await keep()).toBeNull()
  expect((await hours())[1]).toEqual(['10:00', 12])
})

test('two who keep the ledger at once charge nothing twice', async () => {
  scene.clock.advance(60 * minute)
  await Promise.all([keep(), keep(), keep()])
  expect(await hours()).toEqual([['09:00', 12]])
})

test('a budget that reaches a mark says so once per month and limit', async () => {
  const rule = (limitUsd: number) => ({
    name: `month-${scene.name}`,
    kind: 'cost-per-month' as const,
    enforcement: 'advisory' as const,
    scope: { workload: scene.name },
    limitUsd,
  })
  const publish = async (limitUsd: number) => {
    const { draftNumber: basedOnDraft, version } = await getRules({ ctx: admin })
    const { draftNumber } = await saveDraft({ ctx: admin, input: { rules: [rule(limitUsd)], basedOnDraft } })
    await publishRules({ ctx: admin, input: { draftNumber, basedOnVersion: version, reason: 'a budget' } })
  }
  const said = async () =>
    (await budgetAlerts({ ctx: admin }))
      .filter(({ of }) => of === scene.name)
      .map(({ mark, limitUsd }) => `${mark} of ${limitUsd}`)
  await publish(20)
  scene.clock.advance(45 * minute)
  expect(await keep()).toBe(0)
  scene.clock.advance(30 * minute)
  expect(await keep()).toBe(2)
  expect(await said()).toEqual(['75 of 20', '50 of 20'])
  scene.clock.advance(minute)
  expect(await keep()).toBe(0)
  scene.clock.advance(60 * minute)
  await keep()
  expect(await said()).toEqual(['100 of 20', '90 of 20', '75 of 20', '50 of 20'])
  const [standing] = (await getRules({ ctx: admin })).standings
  expect(standing?.budget).toMatchObject({ limitUsd: 20, reached: 100 })
  await publish(40)
  scene.clock.advance(minute)
  await keep()
  expect(await said()).toContain('50 of 40')
  const logged = await database.db.auditEntry.count({ where: { subject: `rule/month-${scene.name}` } })
  expect(logged).toBe((await said()).length)
})
