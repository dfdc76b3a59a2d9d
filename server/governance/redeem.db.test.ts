import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { transact } from '../kernel/transact.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import type { DecisionDetail, ProposalDetail } from './contract.ts'
import {
  ApprovedPlan,
  approve,
  getDecision,
  getProposal,
  override,
  previewOverride,
  redeem,
  reject,
  resume,
} from './index.ts'
import { countStatements } from './testing/count-statements.ts'
import { createScene, type Scene, seenOf } from './testing/scene.ts'

let database: TestDatabase
let scene: Scene
let proposal: ProposalDetail
let decision: DecisionDetail

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  scene = await createScene(database.db)
  proposal = await scene.propose(10)
  decision = await approve({ ctx: await scene.person('operator'), input: seenOf(proposal) })
  scene.afterHold()
})

const current = () => getProposal({ ctx: scene.system, input: { id: proposal.id } })
const redeemNow = (observedVersion = '7', decisionId = decision.id) =>
  transact(scene.system, (tx) =>
    redeem({
      ctx: scene.system,
      tx,
      input: { decisionId, observed: [{ targetId: scene.targetId, observedVersion }] },
    }),
  )
const resumeNow = (decisionId = decision.id) =>
  transact(scene.system, (tx) => resume({ ctx: scene.system, tx, input: { decisionId, again: false } }))

describe('redeeming', () => {
  test('gives the approved plan and uses the approval up', async () => {
    const redemption = await redeemNow()
    if (redemption.kind !== 'approved') throw new Error(redemption.kind)
    const { plan } = redemption
    expect(plan).toBeInstanceOf(ApprovedPlan)
    expect(plan.decisionId).toBe(decision.id)
    expect(plan.actions).toEqual(proposal.content.actions)
    expect(plan.targets).toEqual([{ targetId: scene.targetId, observedVersion: '7' }])
    expect((await getDecision({ ctx: scene.system, input: { id: decision.id } })).nonceUsedAt).not.toBeNull()
    expect(await scene.logged(proposal.id)).toEqual([
      'proposal.create',
      'proposal.approve',
      'approval.redeem',
    ])
  })

  test('ten times at once gives one plan', async () => {
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => redeemNow()))
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    const [lost] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(lost.message).toContain('was redeemed at')
    expect((await scene.logged(proposal.id)).filter((action) => action === 'approval.redeem')).toHaveLength(1)
  })

  test('gives what an override sent, not what was proposed', async () => {
    const other = await createScene(database.db)
    const ctx = await other.person('operator')
    const waiting = await other.propose(10)
    const { contentHash } = await previewOverride({ ctx, input: { proposalId: waiting.id, toReplicas: 8 } })
    const input = { ...seenOf(waiting), toReplicas: 8, previewHash: contentHash, reason: 'half is enough' }
    await override({ ctx, input })
    const countered = await getProposal({ ctx, input: { id: waiting.id } })
    const sent = await approve({ ctx: await other.person('operator'), input: seenOf(countered) })
    other.afterHold()
    const observed = [{ targetId: other.targetId, observedVersion: '7' }]
    const redemption = await transact(other.system, (tx) =>
      redeem({ ctx: other.system, tx, input: { decisionId: sent.id, observed } }),
    )
    expect(redemption).toMatchObject({ kind: 'approved', plan: { actions: [{ toReplicas: 8 }] } })
  })

  test('is for the system alone, and of an approval alone', async () => {
    const ctx = await scene.person('operator', 'admin')
    const input = { decisionId: decision.id, observed: [] }
    await expect(transact(ctx, (tx) => redeem({ ctx, tx, input }))).rejects.toThrow('dispatch.run')
    const other = await createScene(database.db)
    const waiting = await other.propose(10)
    const refused = await reject({
      ctx: await other.person('operator'),
      input: { ...seenOf(waiting), reason: 'not now' },
    })
    expect(await redeemNow('7', refused.id)).toMatchObject({
      kind: 'void',
      reason: expect.stringContaining('no approval'),
    })
    await expect(redeemNow('7', crypto.randomUUID())).rejects.toThrow('There is no decision')
  })
})

describe('an approval is void when it is redeemed', () => {
  const voided = async (reason: string, observedVersion = '7') => {
    expect(await redeemNow(observedVersion)).toMatchObject({
      kind: 'void',
      reason: expect.stringContaining(reason),
    })
    expect(await current()).toMatchObject({ state: 'waiting', voidReason: expect.stringContaining(reason) })
    const kinds = (await scene.decisions(proposal.id)).map(({ kind }) => kind)
    expect(kinds).toEqual(['approve', 'void'])
    expect(await scene.logged(proposal.id)).toEqual(['proposal.create', 'proposal.approve', 'proposal.void'])
    expect((await getDecision({ ctx: scene.system, input: { id: decision.id } })).nonceUsedAt).toBeNull()
  }

  test('after the target changed', () => voided('version 7 → 8', '8'))

  test('after the policy changed', async () => {
    await scene.setPolicy({ maxReplicas: 30 })
    await voided('the policy moved: version 1 → 2')
  })

  test('after the price changed', async () => {
    await scene.setPrice(3)
    await voided('the price moved: $2 per replica-hour → $3 per replica-hour')
  })

  test('after a bound outside the policy closed in', async () => {
    await database.db.offering.update({ where: { id: scene.offeringId }, data: { quotaReplicas: 8 } })
    await voided('Quota')
  })

  test('after it expired', async () => {
    scene.clock.set(new Date(proposal.expiresAt))
    await voided('before it expired')
  })

  test('when the stored plan is not what was approved', async () => {
    const forged = {
      ...proposal.content,
      actions: proposal.content.actions.map((a) => ({ ...a, toReplicas: 40 })),
    }
    const row = (await scene.decisions(proposal.id))[0]
    if (!row) throw new Error('no decision')
    const forgedId = crypto.randomUUID()
    await database.db.decision.create({
      data: {
        ...row,
        id: forgedId,
        number: undefined,
        actor: row.actor ?? {},
        binding: row.binding ?? {},
        difference: undefined,
        waiver: undefined,
        sent: undefined,
        seen: forged,
        approval: row.approval ?? {},
        rehearsal: undefined,
        nonce: 'another',
      },
    })
    expect(await redeemNow('7', forgedId)).toMatchObject({
      kind: 'void',
      reason: expect.stringContaining('is not the one that was approved'),
    })
  })

  test('and a replay of it stays void after the proposal was approved again', async () => {
    await redeemNow('8')
    await scene.observe(6, '8')
    const ctx = await scene.person('operator')
    const back = await current()
    await expect(approve({ ctx, input: seenOf(back) })).rejects.toThrow('version 7 → 8')
    const again = await approve({ ctx, input: seenOf(await current()) })
    expect(await redeemNow('8', decision.id)).toMatchObject({
      kind: 'void',
      reason: expect.stringContaining('followed by another'),
    })
    expect(await redeemNow('8', again.id)).toMatchObject({ kind: 'later' })
    scene.afterHold()
    expect(await redeemNow('8', again.id)).toMatchObject({ kind: 'approved' })
  })
})

describe('resuming', () => {
  test('gives the same plan to a worker that goes on, and never before it was redeemed', async () => {
    await expect(resumeNow()).rejects.toThrow('was not redeemed')
    await redeemNow()
    await expect(resumeNow()).rejects.toThrow('was not redeemed')
    await scene.dispatched(decision.id, 'dispatching')
    expect(await resumeNow()).toMatchObject({ plan: { actions: proposal.content.actions }, moved: [] })
    expect((await scene.logged(proposal.id)).filter((action) => action === 'approval.redeem')).toHaveLength(1)
  })

  test('says what stands against it by now', async () => {
    await redeemNow()
    await scene.dispatched(decision.id, 'dispatching')
    await scene.setPolicy({ maxReplicas: 8 })
    const { moved } = await resumeNow()
    expect(moved[0]).toBe('the policy moved: version 1 → 2')
    expect(moved[1]).toContain('at most 8')
  })

  test.each(['verified', 'failed', 'void'] as const)('is refused when the dispatch is %s', async (state) => {
    await redeemNow()
    await scene.dispatched(decision.id, state)
    await expect(resumeNow()).rejects.toThrow('it is over')
  })
})

describe('nothing but governance makes an approved plan', () => {
  test('not its constructor', () => {
    expect(() => Reflect.construct(ApprovedPlan, [Symbol('governance'), {}])).toThrow(TypeError)
    // @ts-expect-error: the constructor is private
    expect(() => new ApprovedPlan(Symbol('governance'), {})).toThrow('Only governance makes an ApprovedPlan')
  })

  test('not a look-alike', async () => {
    const redemption = await redeemNow()
    if (redemption.kind !== 'approved') throw new Error(redemption.kind)
    const { decisionId, proposalId, workloadId, actions, targets, contentHash, content } = redemption.plan
    const alike = { decisionId, proposalId, workloadId, actions, targets, contentHash, content }
    // @ts-expect-error: the same shape is not the same type
    const typed: ApprovedPlan = alike
    expect(() => ApprovedPlan.assert(typed)).toThrow('not an ApprovedPlan')
    expect(() => ApprovedPlan.assert(Object.create(ApprovedPlan.prototype))).toThrow(TypeError)
    expect(() => ApprovedPlan.assert(redemption.plan)).not.toThrow()
  })

  test('and a real one cannot be changed', async () => {
    const redemption = await redeemNow()
    if (redemption.kind !== 'approved') throw new Error(redemption.kind)
    const [action] = redemption.plan.actions
    expect(() => Object.assign(redemption.plan, { actions: [] })).toThrow(TypeError)
    expect(() => Object.assign(action ?? {}, { toReplicas: 40 })).toThrow(TypeError)
  })
})

test('the database lets an approval be used once and changes nothing else of a decision', async () => {
  const { db } = database
  await redeemNow()
  const where = { id: decision.id }
  await expect(db.decision.update({ where, data: { usedAt: new Date() } })).rejects.toThrow('only once')
  await expect(db.decision.update({ where, data: { usedAt: null } })).rejects.toThrow('only once')
  await expect(db.decision.update({ where, data: { contentHash: 'x' } })).rejects.toThrow('denied')
  await expect(db.decision.delete({ where })).rejects.toThrow('denied')
})

test('what is decided on is read at once, however many share its places', async () => {
  for (let i = 0; i < 3; i++) {
    const mate = await createScene(database.db)
    const data = { offeringId: scene.offeringId }
    await database.db.pool.updateMany({ where: { workloadId: mate.workloadId }, data })
    await approve({ ctx: await mate.person('operator'), input: seenOf(await mate.propose(7)) })
  }
  await scene.dispatched(decision.id, 'pending')
  expect(await countStatements(redeemNow)).toBeLessThanOrEqual(7)
  await scene.dispatched(decision.id, 'dispatching')
  expect(await countStatements(resumeNow)).toBeLessThanOrEqual(5)
  await scene.dispatched(decision.id, 'verified')
  const next = { ctx: await scene.person('operator'), input: seenOf(await scene.propose(12)) }
  // The last five show the decision, after the commit.
  expect(await countStatements(() => approve(next))).toBeLessThanOrEqual(12 + 5)
})

test('who is connected while a migration adds columns goes on, with plans and statements of before', async () => {
  const owner = new pg.Client(database.ownerUrl)
  await owner.connect()
  const carryOut = async (toReplicas: number) => {
    const next = { ctx: await scene.person('operator'), input: seenOf(await scene.propose(toReplicas)) }
    const { id } = await approve(next)
    scene.afterHold()
    await scene.dispatched(id, 'pending')
    const { kind } = await redeemNow('7', id)
    await scene.dispatched(id, 'dispatching')
    const { moved } = await resumeNow(id)
    await scene.dispatched(id, 'verified')
    return { kind, moved }
  }
  await redeemNow()
  await scene.dispatched(decision.id, 'verified')
  // As often as makes every statement a prepared one on every connection.
  for (const toReplicas of [7, 8, 9, 7]) await carryOut(toReplicas)
  const { rows } = await owner.query(`SELECT relname AS name FROM pg_class
    WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace`)
  for (const { name } of rows)
    await owner.query(`ALTER TABLE "${name}" ADD COLUMN "addedLater" text NOT NULL DEFAULT 'x'`)
  await owner.end()
  expect(rows.length).toBeGreaterThan(50)
  expect(await carryOut(10)).toEqual({ kind: 'approved', moved: [] })
})
