import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ConflictError, InvalidInputError } from '../kernel/errors.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import type { ProposalDetail } from './contract.ts'
import { approve, getProposal, reject } from './index.ts'
import { createScene, dispatchJobs, type Scene, seenOf } from './testing/scene.ts'

let database: TestDatabase
let scene: Scene
let proposal: ProposalDetail

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  scene = await createScene(database.db)
  proposal = await scene.propose(10)
})

const current = () => getProposal({ ctx: scene.system, input: { id: proposal.id } })
const auditOf = (id: string) =>
  database.db.auditEntry.findFirst({ where: { subject: `proposal/${id}` }, orderBy: { seq: 'desc' } })

describe('approving', () => {
  test('keeps what the person saw and what it binds, sends the job, and writes it to the log', async () => {
    const ctx = await scene.person('operator')
    const decision = await approve({ ctx, input: { ...seenOf(proposal), note: 'looks right' } })

    expect(decision).toMatchObject({
      kind: 'approve',
      who: 'Test operator (operator)',
      reason: 'looks right',
      contentHash: proposal.contentHash,
      seen: proposal.content,
      sent: proposal.content,
      difference: null,
      nonceUsedAt: null,
      dispatchState: 'pending',
      binding: { policyVersion: 1, targets: [{ targetId: scene.targetId, observedVersion: '7' }] },
    })
    expect(dispatchJobs(scene.jobs)).toEqual([decision.id])
    expect(await current()).toMatchObject({ state: 'approved', revision: proposal.revision + 1 })
    const entry = await auditOf(proposal.id)
    expect(entry).toMatchObject({ stage: 'governance', action: 'proposal.approve' })
    expect(JSON.parse(entry?.canonical ?? '')).toMatchObject({
      actor: ctx.actor,
      body: { decisionId: decision.id, contentHash: proposal.contentHash, binding: decision.binding },
    })
  })

  test('is refused to everybody but an operator', async () => {
    for (const role of ['admin', 'auditor'] as const) {
      const ctx = await scene.person(role)
      await expect(approve({ ctx, input: seenOf(proposal) })).rejects.toThrow('proposal.decide')
    }
    await expect(approve({ ctx: scene.system, input: seenOf(proposal) })).rejects.toThrow(
      'Nobody but a person decides',
    )
    expect(await scene.logged(proposal.id)).toEqual(['proposal.create'])
    expect(dispatchJobs(scene.jobs)).toEqual([])
  })

  test('is refused for another revision or content than the person saw', async () => {
    const ctx = await scene.person('operator')
    const seen = seenOf(proposal)
    await expect(approve({ ctx, input: { ...seen, revision: 9 } })).rejects.toThrow(
      'changed since you opened it',
    )
    await expect(approve({ ctx, input: { ...seen, contentHash: '0'.repeat(64) } })).rejects.toThrow(
      ConflictError,
    )
    await expect(approve({ ctx, input: { ...seen, contentHash: 'x' } })).rejects.toThrow(InvalidInputError)
  })

  test('of an unknown proposal says so', async () => {
    const ctx = await scene.person('operator')
    const input = { ...seenOf(proposal), proposalId: crypto.randomUUID() }
    await expect(approve({ ctx, input })).rejects.toThrow('There is no proposal')
  })

  test('is refused after the proposal expired, swept or not', async () => {
    const ctx = await scene.person('operator')
    scene.clock.set(new Date(proposal.expiresAt))
    await expect(approve({ ctx, input: seenOf(proposal) })).rejects.toThrow('expired at')
  })

  test('of what is there already is refused', async () => {
    scene.clock.advance(300_000)
    await scene.observe(6, '7')
    const idle = await scene.planned(6)
    const proposed = await scene.publish(idle)
    if (proposed.kind === 'held') throw new Error(proposed.reason)
    const detail = await getProposal({ ctx: scene.system, input: { id: proposed.proposalId } })
    const ctx = await scene.person('operator')
    await expect(approve({ ctx, input: seenOf(detail) })).rejects.toThrow('nothing to do')
  })

  test('of a plan that breaks a bound names the bound', async () => {
    const broken = await scene.propose(17)
    const ctx = await scene.person('operator')
    await expect(approve({ ctx, input: seenOf(broken) })).rejects.toThrow(
      'Policy forbids this: Step limit: +11 replicas breaks the bound: at most 10 at a time.',
    )
    expect((await getProposal({ ctx, input: { id: broken.id } })).state).toBe('waiting')
  })
})

describe('two operators at once', () => {
  test('one wins, the other is told who was first', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => scene.person('operator')))
    const results = await Promise.allSettled(
      people.map((ctx, i) =>
        i % 2 === 0
          ? approve({ ctx, input: seenOf(proposal) })
          : reject({ ctx, input: { ...seenOf(proposal), reason: 'not now' } }),
      ),
    )
    const losers = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(losers).toHaveLength(5)
    for (const error of losers) {
      expect(error).toBeInstanceOf(ConflictError)
      expect(error.message).toMatch(
        /^Test operator \(operator\) (approved|rejected) #\d+ at 2026-03-02 09:00:00 UTC\./,
      )
    }
    expect(await scene.decisions(proposal.id)).toHaveLength(1)
  })
})

describe('an approval is void', () => {
  const voidedBy = async (reason: string) => {
    const ctx = await scene.person('operator')
    const refused = approve({ ctx, input: seenOf(proposal) })
    await expect(refused).rejects.toThrow(ConflictError)
    await expect(refused).rejects.toThrow(reason)
    const now = await current()
    expect(now).toMatchObject({ state: 'waiting', revision: 2, voidReason: expect.stringContaining(reason) })
    expect(dispatchJobs(scene.jobs)).toEqual([])
    expect(await scene.logged(proposal.id)).toEqual(['proposal.create', 'proposal.void'])
    const [decision] = await scene.decisions(proposal.id)
    expect(decision).toMatchObject({ kind: 'void', nonce: null, reason: expect.stringContaining(reason) })
    return { ctx, now }
  }

  test('after a policy change, says why, and the proposal can be decided anew', async () => {
    await scene.setPolicy({ maxReplicas: 30 })
    expect(await current()).toMatchObject({
      policyVersionNow: 2,
      content: { evidence: { policy: { version: 1 } } },
    })
    const { ctx, now } = await voidedBy('the policy moved: version 1 → 2')
    expect(now.content.evidence.policy.version).toBe(2)
    expect(now.contentHash).not.toBe(proposal.contentHash)
    await expect(approve({ ctx, input: seenOf(proposal) })).rejects.toThrow('changed since you opened it')
    expect(await approve({ ctx, input: seenOf(now) })).toMatchObject({ kind: 'approve' })
    expect(await current()).toMatchObject({ state: 'approved', voidReason: null })
  })

  test('after the target was changed by hand; the action starts from where it is now', async () => {
    await scene.observe(7, '8')
    const { now } = await voidedBy('the target was changed by somebody else: version 7 → 8')
    expect(now).toMatchObject({ fromReplicas: 7, toReplicas: 10 })
  })

  test('after the price moved', async () => {
    await scene.setPrice(2.5)
    const { now } = await voidedBy('the price moved: $2 per replica-hour → $2.5 per replica-hour')
    expect(now.costChangePerHourUsd).toBe(10)
  })

  test('and stays unapprovable where the new policy forbids it', async () => {
    await scene.setPolicy({ maxReplicas: 8 })
    const { ctx, now } = await voidedBy('version 1 → 2')
    expect(now.content.allowed).toBe(false)
    await expect(approve({ ctx, input: seenOf(now) })).rejects.toThrow('at most 8')
  })
})

test('the decision, the log entry and the job are kept together or not at all', async () => {
  const ctx = await scene.person('operator')
  const failing = {
    ...ctx,
    queue: {
      send: async () => {
        throw new Error('the queue is full')
      },
    },
  }
  await expect(approve({ ctx: failing, input: seenOf(proposal) })).rejects.toThrow('the queue is full')
  expect(await scene.decisions(proposal.id)).toEqual([])
  expect(await scene.logged(proposal.id)).toEqual(['proposal.create'])
  expect((await current()).state).toBe('waiting')
})
