import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { approve, getProposal, override, previewOverride, reject } from '../../../governance/index.ts'
import { createScene, type Scene, seenOf } from '../../../governance/testing/scene.ts'
import { actorUserId, type Context } from '../../../kernel/context.ts'
import { createTestDatabase, type TestDatabase, testStart } from '../../../runtime/testing/index.ts'
import type { LedgerEntryView } from '../../contract.ts'
import { getLedgerEntry, listLedger, updateLedger } from '../../index.ts'

const minute = 60_000
let database: TestDatabase
let scene: Scene

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  scene = await createScene(database.db)
})

/** Demand of each minute since an hour before the start, `count` minutes of it. */
const measure = (count: number, demandAt: (minutes: number) => number) =>
  database.db.rollup.createMany({
    data: Array.from({ length: count }, (_, i) => ({
      workloadId: scene.workloadId,
      signal: 'requests_per_second',
      at: new Date(testStart.getTime() + (i - 60) * minute),
      value: demandAt(i - 60),
      samples: 1,
      updatedAt: testStart,
    })),
    skipDuplicates: true,
  })

async function rejected(to = 10): Promise<string> {
  const proposal = await scene.propose(to)
  const operator = await scene.person('operator')
  const decision = await reject({
    ctx: operator,
    input: { ...seenOf(proposal), reason: 'no need of it' },
  })
  return decision.id
}

async function approved(): Promise<string> {
  const proposal = await scene.propose(11)
  const operator = await scene.person('operator')
  const { id } = await approve({ ctx: operator, input: seenOf(proposal) })
  return id
}

async function carriedOut(decisionId: string): Promise<void> {
  await scene.dispatched(decisionId, 'verified')
  const appliedAt = scene.clock.now()
  await database.db.dispatch.update({ where: { decisionId }, data: { appliedAt } })
}

const entryOf = async (decisionId: string): Promise<LedgerEntryView> => {
  const entry = await getLedgerEntry({ ctx: scene.system, input: { decisionId } })
  if (entry === null) throw new Error('there is no entry')
  return entry
}

describe('the ledger', () => {
  test('an entry grows with what is measured, then is final, logged, and stays as it is', async () => {
    const id = await rejected()
    await measure(60 + 31, (minutes) => (minutes < 5 ? 40 : 95))
    scene.clock.advance(31 * minute)
    await updateLedger({ ctx: scene.system })
    const growing = await entryOf(id)
    expect(growing).toMatchObject({ final: false, kind: 'reject', who: 'Test operator (operator)' })
    expect(growing.grounds).toMatchObject({ steps: 30, unmeasuredSteps: 0, leadTimeIs: 'declared' })
    expect(growing.vsProposed?.shortReplicaHours).toBeLessThan(0)

    await measure(60 + 361, () => 95)
    scene.clock.advance(6 * 60 * minute)
    await updateLedger({ ctx: scene.system })
    const final = await entryOf(id)
    expect(final).toMatchObject({ final: true, grounds: { steps: 360 } })
    expect(Date.parse(final.until) - Date.parse(final.from)).toBe(6 * 60 * minute)

    const logged = () => database.db.auditEntry.count({ where: { subject: `decision/${id}` } })
    expect(await logged()).toBe(1)
    scene.clock.advance(24 * 60 * minute)
    await updateLedger({ ctx: scene.system })
    expect(await entryOf(id)).toEqual(final)
    expect(await logged()).toBe(1)
    const change = database.db.ledgerEntry.update({ where: { decisionId: id }, data: { who: 'me' } })
    await expect(change).rejects.toThrow('the entry is final')
  })

  test('an approval counts once it is applied, and ends the span of the one before it', async () => {
    await measure(60 + 61, () => 50)
    const first = await rejected()
    scene.clock.advance(10 * minute)
    const second = await approved()
    scene.clock.advance(50 * minute)
    await updateLedger({ ctx: scene.system })
    expect(await entryOf(first)).toMatchObject({ final: false })
    expect(await getLedgerEntry({ ctx: scene.system, input: { decisionId: second } })).toBeNull()

    await carriedOut(second)
    await updateLedger({ ctx: scene.system })
    const [before, after] = [await entryOf(first), await entryOf(second)]
    expect(before).toMatchObject({ final: true, until: after.from, grounds: { steps: 10 } })
    expect(after).toMatchObject({ final: false, proposed: null, vsProposed: null })
  })

  test('an approval that failed before it reached the target, or was taken back, is not in it', async () => {
    await measure(60 + 61, () => 50)
    const id = await approved()
    await scene.dispatched(id, 'failed')
    scene.clock.advance(50 * minute)
    await updateLedger({ ctx: scene.system })
    expect(await getLedgerEntry({ ctx: scene.system, input: { decisionId: id } })).toBeNull()
    await carriedOut(id)
    await scene.dispatched(id, 'rolled_back')
    expect(await updateLedger({ ctx: scene.system })).toEqual({ written: 0 })
  })

  test('an override is its author’s, not whose yes it was', async () => {
    await measure(60 + 61, () => 50)
    const [author, other] = [await scene.person('operator'), await scene.person('operator')]
    const proposal = await scene.propose(11)
    const change = { proposalId: proposal.id, toReplicas: 9 }
    const { contentHash: previewHash } = await previewOverride({ ctx: author, input: change })
    await override({
      ctx: author,
      input: { ...seenOf(proposal), ...change, previewHash, reason: 'less will do' },
    })
    const countered = await getProposal({ ctx: other, input: { id: proposal.id } })
    const { id } = await approve({ ctx: other, input: seenOf(countered) })
    await carriedOut(id)
    scene.clock.advance(50 * minute)
    await updateLedger({ ctx: scene.system })
    const by = async (ctx: Context) => {
      const userId = actorUserId(ctx.actor) ?? undefined
      return (await listLedger({ ctx, input: { userId } })).rows.map(({ decisionId }) => decisionId)
    }
    expect(await by(author)).toEqual([id])
    expect(await by(other)).toEqual([])
  })

  test('sums follow the filters, not the page', async () => {
    await measure(60 + 121, () => 80)
    const first = await rejected()
    scene.clock.advance(20 * minute)
    const second = await rejected(12)
    scene.clock.advance(90 * minute)
    await updateLedger({ ctx: scene.system })
    const entries = [await entryOf(first), await entryOf(second)]
    const ctx = await scene.person('auditor')
    const { workloadId } = scene
    const page = await listLedger({ ctx, input: { workloadId, limit: 1 } })
    expect(page.rows.map(({ decisionId }) => decisionId)).toEqual([second])
    const sum = entries.reduce((total, { vsReactive }) => total + vsReactive.costUsd, 0)
    expect(page.totals).toMatchObject({ entries: 2, provisional: 1, overridden: { entries: 2 } })
    expect(page.totals.vsReactive.costUsd).toBeCloseTo(sum, 9)
    expect(page.byWorkload).toMatchObject([{ workload: { name: scene.name }, entries: 2 }])
    const next = await listLedger({
      ctx,
      input: { workloadId, limit: 1, beforeNumber: page.nextBeforeNumber ?? undefined },
    })
    expect(next.rows.map(({ decisionId }) => decisionId)).toEqual([first])
    expect((await listLedger({ ctx, input: { workloadId, kind: ['approve'] } })).totals.entries).toBe(0)
    const { userId } = await database.db.decision.findUniqueOrThrow({ where: { id: first } })
    expect(page.people.map((person) => person.userId)).toContain(userId)
    const ofOne = await listLedger({ ctx, input: { userId: userId ?? undefined } })
    expect(ofOne.rows.map(({ decisionId }) => decisionId)).toEqual([first])
  })
})
