import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RuleInput } from '../../plan/contract.ts'
import { createTestDatabase, type TestDatabase } from '../../runtime/testing/index.ts'
import { approve, backTest, getRules, keepLedger, publishRules, saveDraft } from '../index.ts'
import { createScene, type Scene, seenOf } from '../testing/scene.ts'

let database: TestDatabase
let scene: Scene

beforeAll(async () => {
  database = await createTestDatabase()
  scene = await createScene(database.db)
})
afterAll(() => database.dispose())

const hour = 3_600_000
const cap = (limitUsd: number, enforcement: RuleInput['enforcement'] = 'hard-mandatory'): RuleInput => ({
  name: 'cap',
  kind: 'cost-per-hour',
  enforcement,
  limitUsd,
})

test('a draft is held against what was proposed, with what it would have saved', async () => {
  const { system } = scene
  const proposal = await scene.propose(10)
  const operator = await scene.person('operator')
  const decision = await approve({ ctx: operator, input: seenOf(proposal) })
  await scene.dispatched(decision.id, 'verified')
  await database.db.dispatch.updateMany({ data: { appliedAt: scene.clock.now() } })
  await scene.observe(10, '8')
  scene.clock.advance(3 * hour)
  await keepLedger({ ctx: system })

  // $20/h against a limit of $16/h: eight replicas instead of ten, for three hours.
  const hard = await backTest({ ctx: system, input: { rules: [cap(16)] } })
  expect(hard).toMatchObject({ checked: 1, left: 0, refused: 1, waiver: 0, flagged: 0, rowsLeft: 0 })
  expect(hard.usd).toBeCloseTo(-12)
  expect(hard.rows).toMatchObject([
    {
      proposalId: proposal.id,
      verdict: 'refused',
      outcome: 'approved',
      applied: true,
      rules: [{ name: 'cap', kind: 'cost-per-hour' }],
      nearest: expect.stringContaining('6 → 8 on'),
      usdPerHour: -4,
    },
  ])
  expect(hard.rows[0]?.sloRisk).toBeGreaterThan(0)
  const soft = await backTest({ ctx: system, input: { rules: [cap(16, 'soft-mandatory')] } })
  expect(soft).toMatchObject({ refused: 0, waiver: 1 })
  expect(await backTest({ ctx: system, input: { rules: [cap(16, 'advisory')] } })).toMatchObject({
    flagged: 1,
    usd: 0,
  })
  expect(await backTest({ ctx: system, input: { rules: [cap(20)] } })).toMatchObject({ checked: 1, rows: [] })
})

test('without rules it is the newest draft that is held, over the days asked for', async () => {
  const { system } = scene
  const { draftNumber: basedOnDraft } = await getRules({ ctx: system })
  await saveDraft({ ctx: system, input: { rules: [cap(13)], basedOnDraft } })
  expect((await backTest({ ctx: system, input: {} })).refused).toBe(1)
  scene.clock.advance(25 * hour)
  expect(await backTest({ ctx: system, input: { days: 1 } })).toMatchObject({ checked: 0, refused: 0 })
})

test('what had been spent by then counts, not what is spent by now', async () => {
  const { system } = scene
  // Nothing but the first hours of March were in the ledger when it was proposed, at an even pace of some $20 an hour.
  const month = (limitUsd: number): RuleInput => ({
    name: 'month',
    kind: 'cost-per-month',
    enforcement: 'hard-mandatory',
    limitUsd,
  })
  expect((await backTest({ ctx: system, input: { rules: [month(1_000)] } })).refused).toBe(1)
  expect((await backTest({ ctx: system, input: { rules: [month(30_000)] } })).refused).toBe(0)
})

test('only what changes is counted: what stays refuses as before, and what goes out lets pass', async () => {
  const { system } = scene
  const { draftNumber, version } = await getRules({ ctx: system })
  const ctx = await scene.person('admin')
  await publishRules({ ctx, input: { draftNumber, basedOnVersion: version, reason: 'a cap' } })
  const wide = { ...cap(1_000), name: 'wide' }
  const brought = (rules: RuleInput[]) => backTest({ ctx: system, input: { rules } })
  expect(await brought([cap(13)])).toMatchObject({ refused: 1, released: 0 })
  expect(await brought([cap(13), wide])).toMatchObject({ refused: 0, released: 0, rows: [] })
  expect(await brought([cap(16), wide])).toMatchObject({ refused: 1, released: 0 })
  expect(await brought([wide])).toMatchObject({
    refused: 0,
    released: 1,
    rows: [{ verdict: 'released', rules: [{ name: 'cap' }], usd: null }],
  })
})
