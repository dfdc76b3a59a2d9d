import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { transact } from '../kernel/transact.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import {
  approve,
  expireDue,
  getProposal,
  listDecisions,
  previewRollback,
  propose,
  reject,
  rollback,
  withdraw,
} from './index.ts'
import { createScene, type Scene, seenOf } from './testing/scene.ts'

let database: TestDatabase
let scene: Scene

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  scene = await createScene(database.db)
})

const get = (id: string) => getProposal({ ctx: scene.system, input: { id } })
const withdrawNow = () =>
  transact(scene.system, (tx) =>
    withdraw({
      ctx: scene.system,
      tx,
      input: { workloadId: scene.workloadId, reason: 'Capacity fits the forecast.' },
    }),
  )

describe('proposing', () => {
  test('puts a plan into the inbox and into the log', async () => {
    const proposal = await scene.propose(10)
    expect(proposal).toMatchObject({
      state: 'waiting',
      kind: 'scale',
      revision: 1,
      fromReplicas: 6,
      toReplicas: 10,
      direction: 'up',
      place: 'Aster Cloud, EU West, L40S',
      costChangePerHourUsd: 8,
      policyVersionNow: 1,
      voidReason: null,
      dispatchState: null,
      decisions: [],
    })
    const entry = await database.db.auditEntry.findFirst({ where: { subject: `proposal/${proposal.id}` } })
    expect(JSON.parse(entry?.canonical ?? '')).toMatchObject({
      action: 'proposal.create',
      body: { contentHash: proposal.contentHash, forecastId: scene.forecastId },
    })
  })

  test('advice that was rejected is not given again at once, unless more is needed', async () => {
    const first = await scene.propose(10)
    const input = { ...seenOf(first), reason: 'a load test, not users' }
    await reject({ ctx: await scene.person('operator'), input })
    scene.clock.advance(60_000)
    const again = await scene.publish(await scene.planned(10))
    expect(again).toMatchObject({
      kind: 'held',
      reason: expect.stringContaining(`rejected as #${first.number}`),
    })
    expect((await scene.publish(await scene.planned(8))).kind).toBe('held')
    expect((await scene.publish(await scene.planned(12))).kind).toBe('created')
  })

  test('a rejection stands as long as the rejected proposal would have lived', async () => {
    const first = await scene.propose(10)
    const input = { ...seenOf(first), reason: 'a load test, not users' }
    await reject({ ctx: await scene.person('operator'), input })
    scene.clock.set(new Date(Date.parse(first.expiresAt) + 1))
    expect((await scene.publish(await scene.planned(10))).kind).toBe('created')
  })

  test('the same advice again leaves the waiting one as it is', async () => {
    const first = await scene.propose(10)
    scene.clock.advance(60_000)
    expect(await scene.publish(await scene.planned(10))).toEqual({ kind: 'kept', proposalId: first.id })
    const now = await get(first.id)
    expect(now).toMatchObject({
      revision: first.revision,
      contentHash: first.contentHash,
      summary: first.summary,
    })
    const ctx = await scene.person('operator')
    expect(await approve({ ctx, input: seenOf(first) })).toMatchObject({ kind: 'approve' })
  })

  test('an earlier deadline is taken over, without a new revision', async () => {
    const first = await scene.propose(10)
    const plan = await scene.planned(10)
    const actBy = new Date(Date.parse(first.actBy) - 60_000).toISOString()
    const expiresAt = new Date(Date.parse(first.expiresAt) + 60_000).toISOString()
    await scene.publish({ ...plan, actBy, expiresAt })
    expect(await get(first.id)).toMatchObject({
      revision: 1,
      actBy,
      expiresAt,
      content: { actBy, expiresAt },
    })
    expect(await scene.logged(first.id)).toEqual(['proposal.create', 'proposal.deadline'])
    const { canonical } = await database.db.auditEntry.findFirstOrThrow({
      where: { action: 'proposal.deadline', subject: `proposal/${first.id}` },
    })
    expect(canonical).toMatch(/"note":"act by [^"]*, was [^"]*; useful until [^"]*, was [^"]*"/)
  })

  test('a deadline that is a few seconds elsewhere is neither moved nor logged, but it does not run out', async () => {
    const first = await scene.propose(10)
    const plan = await scene.planned(10)
    const off = (at: string, seconds: number) => new Date(Date.parse(at) + seconds * 1_000).toISOString()
    await scene.publish({ ...plan, actBy: off(first.actBy, -15), expiresAt: off(first.expiresAt, 15) })
    expect(await get(first.id)).toMatchObject({ actBy: first.actBy, expiresAt: first.expiresAt })
    expect(await scene.logged(first.id)).toEqual(['proposal.create'])
    scene.clock.advance(Date.parse(first.expiresAt) - scene.clock.now().getTime() - 90_000)
    await scene.publish({ ...plan, actBy: first.actBy, expiresAt: off(first.expiresAt, 30) })
    expect(await get(first.id)).toMatchObject({ expiresAt: off(first.expiresAt, 30) })
  })

  test('other advice supersedes the waiting one and says why', async () => {
    const first = await scene.propose(10)
    const second = await scene.propose(12)
    expect(await get(first.id)).toMatchObject({
      state: 'superseded',
      decisions: [
        {
          kind: 'supersede',
          reason: `#${second.number} takes its place: the advice moved from 10 to 12 replicas.`,
        },
      ],
    })
    const ctx = await scene.person('operator')
    await expect(approve({ ctx, input: seenOf(first) })).rejects.toThrow(`superseded #${first.number}`)
    // Whoever still reads the first is led to the last of those that replaced it.
    scene.clock.advance(300_000)
    const third = await scene.propose(8)
    expect((await get(first.id)).successor).toMatchObject({
      ...{ id: third.id, number: third.number, state: 'waiting' },
      actions: [{ toReplicas: 8 }],
    })
    expect((await get(third.id)).successor).toBeNull()
  })

  test('a plan made under a new policy supersedes one made under the old', async () => {
    const first = await scene.propose(10)
    await scene.setPolicy({ maxReplicas: 30 })
    const second = await scene.propose(10)
    expect(second.id).not.toBe(first.id)
    expect((await get(first.id)).decisions[0]?.reason).toContain('version 1 → 2')
  })

  test('many at once leave one that waits', async () => {
    const plans = await Promise.all([10, 11, 12, 13, 14].map((to) => scene.planned(to)))
    await Promise.all(plans.map((plan) => scene.publish(plan)))
    const waiting = { workloadId: scene.workloadId, state: 'waiting' } as const
    expect(await database.db.proposal.count({ where: waiting })).toBe(1)
  })

  test('nothing is proposed while an approval is on its way', async () => {
    const first = await scene.propose(10)
    const decision = await approve({ ctx: await scene.person('operator'), input: seenOf(first) })
    const plan = await scene.planned(14)
    const held = { kind: 'held', reason: `#${first.number} is being carried out.` }
    expect(await scene.publish(plan)).toEqual(held)
    for (const state of ['pending', 'dispatching', 'unknown'] as const) {
      await scene.dispatched(decision.id, state)
      expect(await scene.publish(plan)).toEqual(held)
    }
    await scene.dispatched(decision.id, 'applied')
    expect(await scene.publish(plan)).toMatchObject({ kind: 'created' })
  })

  test('is for the system alone', async () => {
    const ctx = await scene.person('operator', 'admin', 'auditor')
    const input = { workloadId: scene.workloadId, forecastId: null, content: await scene.planned(10) }
    await expect(transact(ctx, (tx) => propose({ ctx, tx, input }))).rejects.toThrow('the system itself')
  })
})

describe('withdrawing', () => {
  test('takes the waiting proposal out of the inbox, with the reason', async () => {
    const proposal = await scene.propose(10)
    expect(await withdrawNow()).toBe(true)
    expect(await get(proposal.id)).toMatchObject({
      state: 'expired',
      decisions: [
        { kind: 'expire', who: 'system: test', reason: 'No longer proposed. Capacity fits the forecast.' },
      ],
    })
    expect(await scene.logged(proposal.id)).toEqual(['proposal.create', 'proposal.withdraw'])
    const listed = async (withdrawn: 'with' | 'without') => {
      const input = { workloadId: scene.workloadId, withdrawn }
      return (await listDecisions({ ctx: scene.system, input })).rows.map(({ kind }) => kind)
    }
    expect([await listed('with'), await listed('without')]).toEqual([['expire'], []])
    expect(await withdrawNow()).toBe(false)
  })

  test('leaves a decided proposal alone', async () => {
    const proposal = await scene.propose(10)
    await approve({ ctx: await scene.person('operator'), input: seenOf(proposal) })
    expect(await withdrawNow()).toBe(false)
    expect((await get(proposal.id)).state).toBe('approved')
  })
})

describe('expiry', () => {
  test('ends what nobody decided in time, and nothing else', async () => {
    const due = await scene.propose(10)
    const other = await createScene(database.db)
    const later = await other.propose(10)
    const decided = await createScene(database.db)
    const rejected = await decided.propose(10)
    await reject({ ctx: await decided.person('operator'), input: { ...seenOf(rejected), reason: 'not now' } })
    await database.db.proposal.update({
      where: { id: later.id },
      data: { expiresAt: new Date('2099-01-01') },
    })

    scene.clock.set(new Date(due.expiresAt))
    const counts = await Promise.all([expireDue({ ctx: scene.system }), expireDue({ ctx: scene.system })])
    expect(await get(due.id)).toMatchObject({
      state: 'expired',
      decisions: [{ kind: 'expire', reason: expect.stringContaining('Nobody decided until') }],
    })
    expect((await get(later.id)).state).toBe('waiting')
    expect((await get(rejected.id)).state).toBe('rejected')
    expect(await scene.decisions(due.id)).toHaveLength(1)
    expect(counts[0] + counts[1]).toBeGreaterThanOrEqual(1)
    expect(await expireDue({ ctx: scene.system })).toBe(0)
  })

  test('is for the system alone', async () => {
    await expect(expireDue({ ctx: await scene.person('operator') })).rejects.toThrow('the system itself')
  })
})

describe('rolling back', () => {
  const applied = async (toReplicas = 10) => {
    const proposal = await scene.propose(toReplicas)
    const decision = await approve({ ctx: await scene.person('operator'), input: seenOf(proposal) })
    await scene.dispatched(decision.id, 'verified')
    await scene.observe(toReplicas, String(toReplicas))
    return proposal
  }
  const back = async (proposalId: string, reason = 'p99 got worse') =>
    rollback({ ctx: await scene.person('operator'), input: { proposalId, reason } })

  test('proposes the level before, bound to the target of now, and approves it as the person who asked', async () => {
    const base = await applied()
    const undone = await back(base.id)
    expect(undone).toMatchObject({
      kind: 'rollback',
      state: 'approved',
      direction: 'down',
      fromReplicas: 10,
      toReplicas: 6,
      summary: `Roll back #${base.number}: ${scene.name} from 10 to 6 replicas`,
      decisions: [{ kind: 'approve', who: 'Test operator (operator)', reason: 'p99 got worse' }],
    })
    const [decision] = await scene.decisions(undone.id)
    expect(decision?.binding).toMatchObject({ targets: [{ observedVersion: '10' }], policyVersion: 1 })
    expect(scene.jobs.at(-1)).toMatchObject({ name: 'dispatch', data: { decisionId: decision?.id } })
    expect(await scene.logged(undone.id)).toEqual(['proposal.create', 'proposal.approve'])
  })

  test('supersedes a proposal that waits', async () => {
    const base = await applied()
    const waiting = await scene.propose(14)
    const undone = await back(base.id)
    expect(await get(waiting.id)).toMatchObject({
      state: 'superseded',
      decisions: [{ reason: `#${undone.number} rolls back #${base.number}.` }],
    })
  })

  test('is refused for what was not applied, is under way, or was followed by another change', async () => {
    const waiting = await scene.propose(10)
    await expect(back(waiting.id)).rejects.toThrow('was not applied')
    await approve({ ctx: await scene.person('operator'), input: seenOf(waiting) })
    await expect(back(waiting.id)).rejects.toThrow('is being carried out')

    scene = await createScene(database.db)
    const first = await applied(10)
    const second = await applied(14)
    await expect(back(first.id)).rejects.toThrow(
      `#${second.number} changed the workload after #${first.number}`,
    )
    await back(second.id)
    await expect(back(second.id)).rejects.toThrow('is being carried out')
  })

  test('keeps to the policy', async () => {
    const base = await applied()
    await scene.setPolicy({ maxStepDown: 2 })
    const shown = await previewRollback({
      ctx: await scene.person('operator'),
      input: { proposalId: base.id },
    })
    expect(shown).toMatchObject({ allowed: false, effect: { replicas: 6, costChangePerHourUsd: -8 } })
    expect(shown.policyResults.filter(({ passed }) => !passed).map(({ rule }) => rule)).toEqual([
      'step-limit',
    ])
    await expect(back(base.id)).rejects.toThrow('Step limit: −4 replicas breaks the bound: at most 2')
    expect(await database.db.proposal.count({ where: { workloadId: scene.workloadId } })).toBe(1)
  })

  test('needs a reason and an operator, who is a person', async () => {
    const base = await applied()
    await expect(back(base.id, '')).rejects.toThrow('say why')
    const input = { proposalId: base.id, reason: 'p99 got worse' }
    await expect(rollback({ ctx: await scene.person('admin'), input })).rejects.toThrow('proposal.decide')
    await expect(rollback({ ctx: scene.system, input })).rejects.toThrow('Nobody but a person')
    expect(await database.db.proposal.count({ where: { workloadId: scene.workloadId } })).toBe(1)
  })
})
