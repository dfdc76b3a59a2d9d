import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { decideBatch, getDecision, getProposal, reject } from './index.ts'
import { createScene, dispatchJobs, seenOf } from './testing/scene.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

/** Three workloads with a proposal each; the second is rejected by somebody else, the third has another policy by now. */
async function threeWaiting() {
  const scenes = [
    await createScene(database.db),
    await createScene(database.db),
    await createScene(database.db),
  ]
  const proposals = []
  for (const scene of scenes) proposals.push(await scene.propose(10))
  return { scenes, proposals }
}

test('each is decided on its own: what is refused is told, and undoes nothing', async () => {
  const { scenes, proposals } = await threeWaiting()
  const [first, second, third] = scenes
  if (!first || !second || !third) throw new Error('no scene')
  const ctx = await first.person('operator')
  await reject({
    ctx: await second.person('operator'),
    input: { ...seenOf(proposals[1] ?? fail()), reason: 'a load test' },
  })
  await third.setPolicy({ maxReplicas: 30 })

  const results = await decideBatch({
    ctx,
    input: { verdict: 'approve', proposals: proposals.map(seenOf), reason: 'the launch is on' },
  })
  expect(results.map(({ number }) => number)).toEqual(proposals.map(({ number }) => number))
  expect(results.map(({ refusal }) => refusal)).toEqual([
    null,
    expect.stringContaining('a load test'),
    expect.stringContaining('the policy moved'),
  ])
  expect(results.map(({ complete }) => complete)).toEqual([true, false, false])
  const [approved] = results
  const decision = await getDecision({ ctx, input: { id: approved?.decisionId ?? '' } })
  expect(decision).toMatchObject({
    kind: 'approve',
    reason: 'the launch is on',
    contentHash: proposals[0]?.contentHash,
  })
  expect(dispatchJobs(first.jobs)).toEqual([decision.id])
  expect([dispatchJobs(second.jobs), dispatchJobs(third.jobs)]).toEqual([[], []])
  expect(await getProposal({ ctx, input: { id: proposals[2]?.id ?? '' } })).toMatchObject({
    state: 'waiting',
  })
})

test('rejects alike, and asks for a reason, a proposal, and an operator', async () => {
  const { scenes, proposals } = await threeWaiting()
  const ctx = await scenes[0]?.person('operator')
  const auditor = await scenes[0]?.person('auditor')
  if (!ctx || !auditor) throw new Error('no person')
  const input = { verdict: 'reject' as const, proposals: proposals.map(seenOf), reason: 'a rehearsal' }
  await expect(decideBatch({ ctx: auditor, input })).rejects.toThrow('proposal.decide')
  await expect(decideBatch({ ctx, input: { ...input, reason: '' } })).rejects.toThrow('say why')
  await expect(decideBatch({ ctx, input: { ...input, proposals: [] } })).rejects.toThrow('not valid')
  const [one] = input.proposals
  if (!one) throw new Error('no proposal')
  await expect(decideBatch({ ctx, input: { ...input, proposals: [one, one] } })).rejects.toThrow('twice')
  expect((await decideBatch({ ctx, input })).every(({ refusal }) => refusal === null)).toBe(true)
  expect(await getProposal({ ctx, input: { id: one.proposalId } })).toMatchObject({ state: 'rejected' })
})

function fail(): never {
  throw new Error('no proposal')
}
