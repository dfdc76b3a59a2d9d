import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../kernel/context.ts'
import { transact } from '../kernel/transact.ts'
import type { RuleInput } from '../plan/contract.ts'
import { createTestDatabase, type TestDatabase, testContext } from '../runtime/testing/index.ts'
import type { ProposalDetail } from './contract.ts'
import {
  approve,
  breakGlass,
  endGlass,
  getProposal,
  getRules,
  listGlass,
  override,
  previewApprovals,
  previewOverride,
  publishRules,
  redeem,
  reviewGlass,
  saveDraft,
} from './index.ts'
import { publishRulesOfApproval, teamOf } from './testing/approvals.ts'
import { createScene, dispatchJobs, type Scene, seenOf } from './testing/scene.ts'

let database: TestDatabase
let scene: Scene
let admin: Context
let ann: Context
let ben: Context
let cid: Context

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  scene = await createScene(database.db)
  admin = await scene.person('admin')
  ;[ann, ben, cid] = [
    await scene.person('operator'),
    await scene.person('operator'),
    await scene.person('operator'),
  ]
})

const here = () => ({ workload: scene.name })
const current = (id: string, ctx = scene.system) => getProposal({ ctx, input: { id } })
const redeemNow = (decisionId: string) =>
  transact(scene.system, (tx) =>
    redeem({
      ctx: scene.system,
      tx,
      input: { decisionId, observed: [{ targetId: scene.targetId, observedVersion: '7' }] },
    }),
  )
const counterBy = async (ctx: Context, proposal: ProposalDetail, toReplicas = 8) => {
  const { contentHash } = await previewOverride({ ctx, input: { proposalId: proposal.id, toReplicas } })
  const input = { ...seenOf(proposal), toReplicas, previewHash: contentHash, reason: 'half is enough' }
  await override({ ctx, input })
  return current(proposal.id)
}
/** No changes to one workload between two instants, published by the real verbs. */
async function freezeOf(ctx: Context, workload: string, from: string, to: string): Promise<void> {
  const { version, draftNumber } = await getRules({ ctx })
  const window = { repeat: 'once', from, to } as const
  const rules = [
    {
      name: 'quiet',
      kind: 'freeze',
      enforcement: 'hard-mandatory',
      scope: { workload },
      window,
      blocks: 'everything',
    },
  ] satisfies RuleInput[]
  const saved = await saveDraft({ ctx, input: { rules, basedOnDraft: draftNumber } })
  await publishRules({ ctx, input: { ...saved, basedOnVersion: version, reason: 'a release' } })
}
/** A person's own API key that may decide. */
async function keyOf({ actor }: Context): Promise<Context> {
  if (actor.kind !== 'user') throw new Error('not a person')
  const { db } = database
  const id = crypto.randomUUID()
  const createdAt = scene.clock.now()
  const scopes: ['decide', 'read'] = ['decide', 'read']
  await db.apiKey.create({
    data: { id, name: 'ci', prefix: id, hash: id, ownerId: actor.userId, scopes, createdAt },
  })
  const { userId, email } = actor
  const key = {
    kind: 'api_key',
    keyId: id,
    keyName: 'ci',
    userId,
    email,
    roles: ['operator'],
    scopes,
  } as const
  return testContext({ db, clock: scene.clock, actor: { ...key, roles: ['operator'], scopes } })
}
const userIdOf = ({ actor }: Context) => ('userId' in actor ? actor.userId : '')

test('a window after a freeze can be approved while it lasts, one inside of a freeze cannot, and all is judged again when it runs', async () => {
  const minute = (n: number) => new Date(scene.clock.now().getTime() + n * 60_000).toISOString()
  const proposal = await scene.propose()
  const freeze = (from: string, to: string) => freezeOf(admin, scene.name, from, to)
  await freeze(minute(-10), minute(5))
  await expect(approve({ ctx: ann, input: seenOf(proposal) })).rejects.toThrow('frozen now')
  const back = await current(proposal.id)
  const window = { notBefore: minute(6), notAfter: minute(30) }
  const early = { notBefore: minute(4), notAfter: minute(30) }
  await expect(approve({ ctx: ann, input: { ...seenOf(back), window: early } })).rejects.toThrow('frozen now')
  const decision = await approve({ ctx: ann, input: { ...seenOf(await current(proposal.id)), window } })
  expect(decision.kind).toBe('approve')
  scene.clock.advance(5 * 60_000)
  expect(await redeemNow(decision.id)).toMatchObject({ kind: 'later' })
  await freeze(minute(0), minute(20))
  scene.clock.advance(60_000)
  expect(await redeemNow(decision.id)).toMatchObject({
    kind: 'void',
    reason: expect.stringContaining('frozen now'),
  })
})

describe('two people of different teams', () => {
  let proposal: ProposalDetail
  let sre: string
  let chat: string
  beforeEach(async () => {
    sre = await teamOf(database.db, 'sre', cid)
    chat = await teamOf(database.db, 'chat', ann, ben)
    const rule = { name: 'two', scope: here(), approvers: 2, teams: 2, from: [sre, chat] }
    await publishRulesOfApproval(admin, { approvals: [rule] })
    proposal = await scene.propose(10)
  })

  test('are needed where a rule says so; each yes is kept with role and groups', async () => {
    const first = await approve({ ctx: ann, input: seenOf(proposal) })
    expect(first).toMatchObject({ kind: 'endorse', binding: null, contentHash: proposal.contentHash })
    const waiting = await current(proposal.id, ann)
    expect(waiting).toMatchObject({
      state: 'waiting',
      revision: proposal.revision,
      endorsements: 1,
      approval: {
        clauses: [{ rule: 'two', have: 1 }],
        missing: `1 of 2: needs one from team ${sre}`,
        notYou: expect.stringContaining('somebody else'),
      },
    })
    await expect(approve({ ctx: ann, input: seenOf(proposal) })).rejects.toThrow('Nobody approves twice')
    expect(await approve({ ctx: ben, input: seenOf(proposal) })).toMatchObject({ kind: 'endorse' })
    expect(dispatchJobs(scene.jobs)).toEqual([])

    const decision = await approve({ ctx: cid, input: seenOf(proposal) })
    expect(decision).toMatchObject({ kind: 'approve', dispatchState: 'pending' })
    const { approval } = await current(proposal.id)
    expect({ ...approval, given: approval.given.length }).toMatchObject({
      met: true,
      missing: null,
      given: 3,
    })
    expect(decision.approval?.given.map(({ userId, roles, groups }) => [userId, roles, groups])).toEqual([
      [userIdOf(ann), ['operator'], [chat]],
      [userIdOf(ben), ['operator'], [chat]],
      [userIdOf(cid), ['operator'], [sre]],
    ])
    expect(dispatchJobs(scene.jobs)).toEqual([decision.id])
    expect(await scene.logged(proposal.id)).toEqual([
      'proposal.create',
      'proposal.endorse',
      'proposal.endorse',
      'proposal.approve',
    ])
    scene.afterHold()
    expect(await redeemNow(decision.id)).toMatchObject({ kind: 'approved' })
  })

  test('begin anew when what they said yes to moves', async () => {
    await approve({ ctx: ann, input: seenOf(proposal) })
    await scene.setPrice(2.5)
    await expect(approve({ ctx: cid, input: seenOf(proposal) })).rejects.toThrow('the price moved')
    const back = await current(proposal.id)
    expect(back).toMatchObject({ endorsements: 0, approval: { given: [] } })
    expect(await approve({ ctx: cid, input: seenOf(back) })).toMatchObject({ kind: 'endorse' })
  })

  test('count with the groups held when they said it; who may not decide any more does not count', async () => {
    await approve({ ctx: ann, input: seenOf(proposal) })
    await database.db.groupMember.deleteMany({ where: { userId: userIdOf(ann) } })
    const decision = await approve({ ctx: cid, input: seenOf(proposal) })
    expect(decision.kind).toBe('approve')
    scene.afterHold()
    await database.db.user.update({ where: { id: userIdOf(ann) }, data: { active: false } })
    expect(await redeemNow(decision.id)).toMatchObject({
      kind: 'void',
      reason: expect.stringContaining('may not decide any more'),
    })
    await database.db.user.update({ where: { id: userIdOf(ann) }, data: { active: true } })
  })

  test('are what a stricter rule asks for that comes into force before dispatch, and a looser one voids nothing', async () => {
    const other = await createScene(database.db)
    const free = await other.propose(10)
    const allowed = await approve({ ctx: await other.person('operator'), input: seenOf(free) })
    const same = { name: 'two', scope: here(), approvers: 2, teams: 2, from: [sre, chat] }
    const strict = { name: 'strict', scope: { workload: other.name }, approvers: 2 }
    await publishRulesOfApproval(admin, { approvals: [same, strict] })
    await approve({ ctx: ann, input: seenOf(proposal) })
    const kept = await approve({ ctx: cid, input: seenOf(proposal) })
    await publishRulesOfApproval(admin, { approvals: [{ ...same, note: 'as before' }, strict] })
    scene.afterHold()
    other.afterHold()
    expect(await redeemNow(kept.id)).toMatchObject({ kind: 'approved' })
    const observed = [{ targetId: other.targetId, observedVersion: '7' }]
    const input = { decisionId: allowed.id, observed }
    expect(await transact(other.system, (tx) => redeem({ ctx: other.system, tx, input }))).toMatchObject({
      kind: 'void',
      reason: expect.stringContaining('1 of 2: needs one more'),
    })
  })

  test('would have changed past proposals: the preview says which', async () => {
    await approve({ ctx: ann, input: seenOf(proposal) })
    await approve({ ctx: cid, input: seenOf(proposal) })
    const policy = { approvals: [{ name: 'three', scope: here(), approvers: 3 }] }
    const seen = await previewApprovals({ ctx: admin, input: { policy } })
    expect(seen.rows.find(({ proposalId }) => proposalId === proposal.id)).toMatchObject({
      would: '3 approvers',
      enough: false,
    })
  })

  test('a rule that names a group without an operator cannot be published', async () => {
    const empty = await teamOf(database.db, 'empty', admin)
    const policy = { approvals: [{ name: 'never', approvers: 1, from: [empty] }] }
    await expect(publishRulesOfApproval(admin, policy)).rejects.toThrow(
      'no active operator belongs to the group',
    )
  })
})

describe('nobody approves their own override', () => {
  const own = 'Nobody approves their own override'

  test('not in another session, not by a key, not with another role', async () => {
    const proposal = await scene.propose(10)
    const counter = await counterBy(ann, proposal)
    expect(await current(proposal.id, ann)).toMatchObject({
      counter: { mine: true },
      approval: { notYou: expect.any(String) },
    })
    const { db } = database
    if (ann.actor.kind !== 'user') throw new Error('not a person')
    const { userId } = ann.actor
    const other = testContext({ db, clock: scene.clock, actor: { ...ann.actor } })
    await expect(approve({ ctx: other, input: seenOf(counter) })).rejects.toThrow(own)

    const byKey = await keyOf(ann)
    await expect(approve({ ctx: byKey, input: seenOf(counter) })).rejects.toThrow(own)

    // The roles change in mid-flow: the old session is out, and the new one is the same person.
    await db.user.update({ where: { id: userId }, data: { roles: ['admin'] } })
    await expect(approve({ ctx: ann, input: seenOf(counter) })).rejects.toThrow(
      'were changed while this was under way',
    )
    await db.user.update({ where: { id: userId }, data: { roles: ['operator', 'admin'] } })
    const changed = testContext({
      db,
      clock: scene.clock,
      actor: { ...ann.actor, roles: ['operator', 'admin'] },
    })
    await expect(approve({ ctx: changed, input: seenOf(counter) })).rejects.toThrow(own)
    expect(await approve({ ctx: ben, input: seenOf(counter) })).toMatchObject({ kind: 'override' })
  })

  test('not under broken glass, nor by overriding one’s own again', async () => {
    const proposal = await scene.propose(10)
    await counterBy(ann, proposal)
    const again = await counterBy(ann, await current(proposal.id), 9)
    await breakGlass({ ctx: ann, input: { minutes: 30, reason: 'nobody else is awake' } })
    await expect(approve({ ctx: ann, input: seenOf(again) })).rejects.toThrow(own)
    const theirs = await counterBy(ben, again, 7)
    expect(await approve({ ctx: ann, input: seenOf(theirs) })).toMatchObject({ kind: 'override' })
  })
})

describe('broken glass', () => {
  beforeEach(() =>
    publishRulesOfApproval(admin, { approvals: [{ name: 'two', scope: here(), approvers: 2 }] }),
  )

  test('makes one yes enough for an hour at most, and is reviewed by somebody else', async () => {
    const input = { minutes: 60, reason: 'the site is down' }
    await expect(breakGlass({ ctx: ann, input: { ...input, minutes: 61 } })).rejects.toThrow('60 minutes')
    const glass = await breakGlass({ ctx: ann, input })
    const proposal = await scene.propose(10)
    expect((await current(proposal.id, ann)).approval.breakGlass?.id).toBe(glass.id)
    expect(await approve({ ctx: ben, input: seenOf(proposal) })).toMatchObject({ kind: 'endorse' })
    const second = await createScene(database.db)
    await publishRulesOfApproval(admin, { approvals: [{ name: 'two', approvers: 2 }] })
    const decision = await approve({ ctx: ann, input: seenOf(await second.propose(10)) })
    expect(decision).toMatchObject({ kind: 'approve', breakGlassId: glass.id })

    await expect(reviewGlass({ ctx: ben, input: { id: glass.id, note: 'looked at it' } })).rejects.toThrow(
      'still is broken',
    )
    await endGlass({ ctx: ann, input: { id: glass.id } })
    await expect(reviewGlass({ ctx: ann, input: { id: glass.id, note: 'all fine' } })).rejects.toThrow(
      'Somebody else',
    )
    await expect(breakGlass({ ctx: ann, input })).rejects.toThrow('Nobody has reviewed yet')
    await reviewGlass({ ctx: ben, input: { id: glass.id, note: 'it had to be' } })
    const [view] = await listGlass({ ctx: ben, input: { id: glass.id } })
    expect(view).toMatchObject({ active: false, mayReview: false, review: { note: 'it had to be' } })
    expect(view?.decisions.map(({ id }) => id)).toEqual([decision.id])
  })

  test('never passes what a bound refuses, and is over when it is over', async () => {
    await breakGlass({ ctx: ann, input: { minutes: 5, reason: 'the site is down' } })
    const broken = await scene.propose(17)
    await expect(approve({ ctx: ann, input: seenOf(broken) })).rejects.toThrow('Step limit')
    scene.clock.advance(5 * 60_000)
    const late = await scene.propose(10)
    expect(await approve({ ctx: ann, input: seenOf(late) })).toMatchObject({ kind: 'endorse' })
  })

  test('serves no key of who broke it, and cannot be chained through a day alone', async () => {
    const byKey = await keyOf(ann)
    const input = { minutes: 60, reason: 'nobody else is awake' }
    await breakGlass({ ctx: ann, input })
    expect(await approve({ ctx: byKey, input: seenOf(await scene.propose(10)) })).toMatchObject({
      kind: 'endorse',
    })
    let opened = 1
    for (let hour = 1; hour <= 24; hour++) {
      scene.clock.advance(3_600_000)
      opened += await breakGlass({ ctx: ann, input }).then(
        () => 1,
        () => 0,
      )
    }
    expect(opened).toBe(1)
  })
})
