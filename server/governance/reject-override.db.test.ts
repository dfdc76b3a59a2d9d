import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../kernel/context.ts'
import { InvalidInputError } from '../kernel/errors.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import type { ProposalDetail } from './contract.ts'
import { approve, getProposal, override, previewOverride, reject } from './index.ts'
import { createScene, dispatchJobs, type Scene, seenOf } from './testing/scene.ts'

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

const current = () => getProposal({ ctx: scene.system, input: { id: proposal.id } })
const preview = (toReplicas: number) =>
  previewOverride({ ctx, input: { proposalId: proposal.id, toReplicas } })

describe('rejecting', () => {
  test('keeps the reason and what the person saw; nothing is dispatched', async () => {
    const decision = await reject({ ctx, input: { ...seenOf(proposal), reason: 'a test run, not users' } })
    expect(decision).toMatchObject({
      kind: 'reject',
      reason: 'a test run, not users',
      seen: proposal.content,
      sent: null,
      binding: null,
      dispatchState: null,
    })
    expect((await current()).state).toBe('rejected')
    expect(dispatchJobs(scene.jobs)).toEqual([])
    expect(await scene.logged(proposal.id)).toEqual(['proposal.create', 'proposal.reject'])
  })

  test('needs a reason, an operator, and a proposal that waits', async () => {
    await expect(reject({ ctx, input: { ...seenOf(proposal), reason: ' ' } })).rejects.toThrow('say why')
    const input = { ...seenOf(proposal), reason: 'not now' }
    await expect(reject({ ctx: await scene.person('admin'), input })).rejects.toThrow('proposal.decide')
    await expect(reject({ ctx: scene.system, input })).rejects.toThrow('Nobody but a person')
    await reject({ ctx, input })
    await expect(reject({ ctx, input })).rejects.toThrow(/rejected #\d+ at .* Reason: not now/)
  })
})

test('a quota that another workload takes of is kept by an approval and by an override', async () => {
  const other = await createScene(database.db)
  await database.db.pool.update({
    where: { targetId: other.targetId },
    data: { offeringId: scene.offeringId },
  })
  await other.observe(53, '8')
  // Of sixty, six and fifty-three stand: there is room for one more.
  const shown = (await preview(8)).content
  expect(shown).toMatchObject({ allowed: false })
  expect(shown.policyResults).toContainEqual(
    expect.objectContaining({ rule: 'quota', passed: false, actual: '61 replicas at once' }),
  )
  await expect(approve({ ctx, input: seenOf(proposal) })).rejects.toThrow('Quota: 63 replicas at once')
  expect((await preview(7)).content.allowed).toBe(true)
  expect((await preview(5)).content.allowed).toBe(true)
  await other.observe(50, '9')
  await expect(approve({ ctx, input: seenOf(proposal) })).resolves.toMatchObject({ kind: 'approve' })
})

describe('the preview of an override', () => {
  test('recomputes everything and changes nothing', async () => {
    const { content, contentHash, difference } = await preview(8)
    expect(content.effect).toMatchObject({ replicas: 8, costPerHourUsd: 16, costChangePerHourUsd: 4 })
    expect(content.effect.sloRiskAfter).toBeGreaterThan(proposal.content.effect.sloRiskAfter)
    expect(contentHash).not.toBe(proposal.contentHash)
    expect(difference[0]).toEqual({ field: 'Replicas', proposed: 10, sent: 8, unit: 'replicas' })
    expect(await current()).toEqual(proposal)
  })

  test('shows what policy forbids instead of refusing it', async () => {
    const { content } = await preview(50)
    expect(content.allowed).toBe(false)
    expect(content.policyResults.filter((result) => !result.passed).map((result) => result.rule)).toEqual([
      'max-replicas',
      'step-limit',
    ])
  })

  test('is for operators, of a proposal that waits, in whole replicas', async () => {
    const input = { proposalId: proposal.id, toReplicas: 8 }
    await expect(previewOverride({ ctx: await scene.person('auditor'), input })).rejects.toThrow(
      'proposal.decide',
    )
    await expect(previewOverride({ ctx, input: { ...input, toReplicas: 8.5 } })).rejects.toThrow(
      InvalidInputError,
    )
    await reject({ ctx, input: { ...seenOf(proposal), reason: 'not now' } })
    await expect(previewOverride({ ctx, input })).rejects.toThrow('rejected')
  })
})

describe('overriding', () => {
  const send = async (toReplicas: number, change: { previewHash?: string } = {}) => {
    const { contentHash } = await preview(toReplicas)
    const input = {
      ...seenOf(proposal),
      toReplicas,
      previewHash: contentHash,
      reason: 'half is enough',
      ...change,
    }
    return override({ ctx, input })
  }

  test('puts what the person set before somebody else, and keeps what was proposed and the difference', async () => {
    const counter = await send(8)
    expect(counter).toMatchObject({ kind: 'counter', seen: proposal.content, binding: null })
    expect(dispatchJobs(scene.jobs)).toEqual([])
    const waiting = await current()
    expect(waiting).toMatchObject({
      state: 'waiting',
      toReplicas: 8,
      countered: true,
      counter: { mine: false },
    })
    await expect(approve({ ctx, input: seenOf(waiting) })).rejects.toThrow(
      'Nobody approves their own override',
    )

    const other = await scene.person('operator')
    const decision = await approve({ ctx: other, input: { ...seenOf(waiting), note: 'half will do' } })
    expect(decision).toMatchObject({
      kind: 'override',
      reason: 'half will do',
      seen: proposal.content,
      sent: { effect: { replicas: 8 } },
      binding: { actions: [{ fromReplicas: 6, toReplicas: 8 }] },
      summary: `${decision.sent?.summary} (10 proposed)`,
      costChangePerHourUsd: 4,
    })
    expect(decision.difference?.map((row) => row.field)).toContain('Cost')
    expect(dispatchJobs(scene.jobs)).toEqual([decision.id])
    expect(await current()).toMatchObject({ state: 'approved', toReplicas: 8 })
    expect(await scene.logged(proposal.id)).toEqual([
      'proposal.create',
      'proposal.counter',
      'proposal.override',
    ])
  })

  test('that waits says how newer advice differs from what it was made against, once, and until it does not', async () => {
    await send(8)
    await scene.publish(await scene.planned(10))
    expect((await current()).newerAdvice).toBeNull()
    await scene.publish(await scene.planned(14))
    await scene.publish(await scene.planned(14))
    const waiting = await current()
    expect(waiting).toMatchObject({ state: 'waiting', toReplicas: 8, revision: 2 })
    expect(waiting.newerAdvice).toContain('the advice moved from 10 to 14 replicas')
    await scene.withdraw('Demand fell.')
    expect(await current()).toMatchObject({
      state: 'waiting',
      newerAdvice: 'Nothing is proposed any more: Demand fell.',
    })
    await scene.publish(await scene.planned(10))
    expect((await current()).newerAdvice).toBeNull()
    const told = ['proposal.advice', 'proposal.advice', 'proposal.advice']
    expect(await scene.logged(proposal.id)).toEqual(['proposal.create', 'proposal.counter', ...told])
  })

  test('is refused when the world moved since the preview', async () => {
    const { contentHash } = await preview(8)
    await scene.setPolicy({ maxReplicas: 30 })
    await expect(send(8, { previewHash: contentHash })).rejects.toThrow('moved since the preview')
    expect((await current()).state).toBe('waiting')
  })

  test('is bound to the set-point that was previewed', async () => {
    const { contentHash } = await preview(8)
    await expect(send(9, { previewHash: contentHash })).rejects.toThrow('moved since the preview')
  })

  test('is refused where policy forbids it, naming the bound', async () => {
    await expect(send(17)).rejects.toThrow('Step limit: +11 replicas breaks the bound')
    await expect(send(6)).rejects.toThrow('nothing to do')
    expect(await scene.decisions(proposal.id)).toEqual([])
  })

  test('of a proposal that somebody decided meanwhile is a conflict', async () => {
    const { contentHash } = await preview(8)
    await reject({ ctx: await scene.person('operator'), input: { ...seenOf(proposal), reason: 'not now' } })
    const input = { ...seenOf(proposal), toReplicas: 8, previewHash: contentHash, reason: 'half is enough' }
    await expect(override({ ctx, input })).rejects.toThrow('rejected')
  })

  test('is for an operator, who is a person', async () => {
    const { contentHash } = await preview(8)
    const input = { ...seenOf(proposal), toReplicas: 8, previewHash: contentHash, reason: 'half is enough' }
    await expect(override({ ctx: await scene.person('admin'), input })).rejects.toThrow('proposal.decide')
    await expect(override({ ctx: scene.system, input })).rejects.toThrow('Nobody but a person')
  })
})
