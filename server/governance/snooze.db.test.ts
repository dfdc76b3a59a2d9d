import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Context } from '../kernel/context.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import type { ProposalDetail } from './contract.ts'
import { approve, countProposals, getProposal, listProposals, reject, snooze, wakeDue } from './index.ts'
import { createScene, type Scene, seenOf } from './testing/scene.ts'

let database: TestDatabase
let scene: Scene
let proposal: ProposalDetail
let ctx: Context

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  scene = await createScene(database.db)
  proposal = await scene.propose(10)
  ctx = await scene.person('operator')
})

const inMinutes = (minutes: number) => new Date(scene.clock.now().getTime() + minutes * 60_000).toISOString()
const put = (until: string | null) => snooze({ ctx, input: { proposalId: proposal.id, until } })
const listed = async (snoozed: 'include' | 'leave-out' | 'only') => {
  const { rows } = await listProposals({ ctx, input: { workloadId: scene.workloadId, snoozed } })
  return rows.map(({ id }) => id)
}

test('what is put off leaves the inbox until then, and comes back by itself', async () => {
  const until = inMinutes(2)
  const before = await countProposals({ ctx })
  expect(await put(until)).toMatchObject({
    snoozedUntil: until,
    snoozedBy: 'Test operator (operator)',
    state: 'waiting',
    revision: proposal.revision,
  })
  expect([await listed('leave-out'), await listed('only'), await listed('include')]).toEqual([
    [],
    [proposal.id],
    [proposal.id],
  ])
  expect(await countProposals({ ctx })).toEqual({ waiting: before.waiting - 1, snoozed: before.snoozed + 1 })
  expect(await wakeDue({ ctx: scene.system })).toBe(0)

  scene.clock.advance(120_000)
  expect(await listed('leave-out')).toEqual([proposal.id])
  expect(await wakeDue({ ctx: scene.system })).toBe(1)
  expect(await scene.logged(proposal.id)).toEqual(['proposal.create', 'proposal.snooze', 'proposal.wake'])
  expect(await getProposal({ ctx, input: { id: proposal.id } })).toMatchObject({
    snoozedUntil: null,
    snoozedBy: null,
  })
})

test('it is never put off past its deadline, nor to what is past', async () => {
  const late = new Date(Date.parse(proposal.actBy) + 1_000).toISOString()
  await expect(put(late)).rejects.toThrow('at most')
  await expect(put(inMinutes(-1))).rejects.toThrow('not to a time that is past')
  await put(proposal.actBy)
  scene.clock.advance(Date.parse(proposal.actBy) - scene.clock.now().getTime())
  await expect(put(inMinutes(1))).rejects.toThrow('cannot be put off any more')
})

test('an earlier deadline brings it back earlier', async () => {
  await put(proposal.actBy)
  const content = await scene.planned(10)
  const sooner = inMinutes(1)
  await scene.publish({ ...content, actBy: sooner })
  expect(await getProposal({ ctx, input: { id: proposal.id } })).toMatchObject({ snoozedUntil: sooner })
})

test('it can be brought back, and decided while it is put off', async () => {
  await put(inMinutes(2))
  await put(null)
  expect(await listed('leave-out')).toEqual([proposal.id])
  await put(inMinutes(2))
  await approve({ ctx, input: seenOf(proposal) })
  await expect(put(inMinutes(1))).rejects.toThrow('approved')
})

test('is for operators, on what waits', async () => {
  const input = { proposalId: proposal.id, until: inMinutes(1) }
  await expect(snooze({ ctx: await scene.person('auditor'), input })).rejects.toThrow('proposal.decide')
  await reject({ ctx, input: { ...seenOf(proposal), reason: 'not now' } })
  await expect(snooze({ ctx, input })).rejects.toThrow('rejected')
})
