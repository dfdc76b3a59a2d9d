import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Context } from '../kernel/context.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import type { PreviewOverrideInput, ProposalDetail } from './contract.ts'
import { approve, getDecision, getProposal, override, overridePlaces, previewOverride } from './index.ts'
import { createSagaScene } from './testing/saga-scene.ts'
import { dispatchJobs, seenOf } from './testing/scene.ts'

let database: TestDatabase
let scene: Awaited<ReturnType<typeof createSagaScene>>
let proposal: ProposalDetail
let ctx: Context

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  scene = await createSagaScene(database.db)
  proposal = await scene.propose(10)
  ctx = await scene.person('operator')
})

type Change = Omit<PreviewOverrideInput, 'proposalId'>
const preview = (change: Change) => previewOverride({ ctx, input: { proposalId: proposal.id, ...change } })
const places = () => overridePlaces({ ctx, input: { id: proposal.id } })
const inMinutes = (minutes: number) => new Date(scene.clock.now().getTime() + minutes * 60_000).toISOString()

async function instead(): Promise<Change> {
  const [owned] = await places()
  if (!owned) throw new Error('nowhere else')
  return {
    setPoints: [
      { targetId: scene.targetId, to: 6 },
      { targetId: owned.targetId, to: 8 },
    ],
  }
}

test('capacity can go to another pool of the workload instead: cost, risk, carbon and policy are those of there', async () => {
  // The job runs or does not, and serves nobody.
  expect(await places()).toMatchObject([{ market: 'owned', desiredReplicas: 4, pricePerReplicaHourUsd: 1 }])
  const { content, difference } = await preview(await instead())
  expect(content.actions).toMatchObject([{ fromReplicas: 4, toReplicas: 8, hardwareClass: 'owned' }])
  expect(content.effect.costChangePerHourUsd).toBe(4)
  expect(proposal.content.effect.costChangePerHourUsd).toBe(8)
  expect(content.policyResults.length).toBeGreaterThan(0)
  expect([content.actBy, content.expiresAt]).toEqual([proposal.content.actBy, proposal.content.expiresAt])
  expect(difference.slice(0, 2)).toMatchObject([
    { field: scene.name, proposed: 10, sent: 6 },
    { proposed: 4, sent: 8, unit: 'replicas' },
  ])
  await expect(preview({ setPoints: [{ targetId: crypto.randomUUID(), to: 3 }] })).rejects.toThrow(
    'no action of this proposal',
  )
})

test('what is sent is bound to the other target, kept beside what was proposed, and approved by somebody else', async () => {
  const change = await instead()
  const { contentHash } = await preview(change)
  const reason = 'owned machines stand idle'
  await override({ ctx, input: { ...seenOf(proposal), ...change, previewHash: contentHash, reason } })
  const countered = await getProposal({ ctx, input: { id: proposal.id } })
  expect(countered).toMatchObject({ contentHash, countered: true, counter: { mine: true, reason } })
  expect(countered.counter?.proposed.effect.replicas).toBe(10)
  const { id } = await approve({ ctx: await scene.person('operator'), input: seenOf(countered) })
  const decision = await getDecision({ ctx, input: { id } })
  const [owned] = change.setPoints?.slice(-1) ?? []
  expect(decision.binding?.targets.map(({ targetId }) => targetId)).toEqual([owned?.targetId])
  expect(dispatchJobs(scene.jobs)).toEqual([id])
  const stored = await database.db.proposal.findUniqueOrThrow({ where: { id: proposal.id } })
  expect(stored.touchedTargetIds).toEqual([owned?.targetId])
})

test('a later start is weighed at its own time, with the risk until then, and carried into the approval', async () => {
  const window = { notBefore: inMinutes(20), notAfter: inMinutes(30) }
  const later = await preview({ toReplicas: 10, window })
  expect(later.riskUntilStart).toBeGreaterThan(0)
  expect((await preview({ toReplicas: 10 })).riskUntilStart).toBeNull()
  expect(Date.parse(later.content.effect.readyAtP90) - Date.parse(window.notBefore)).toBe(240_000)

  const input = { ...seenOf(proposal), toReplicas: 9, window, reason: 'after the batch' }
  const { contentHash: previewHash } = await preview({ toReplicas: 9, window })
  await override({ ctx, input: { ...input, previewHash } })
  const countered = await getProposal({ ctx, input: { id: proposal.id } })
  expect(countered.counter?.window).toEqual(window)
  const { id } = await approve({ ctx: await scene.person('operator'), input: seenOf(countered) })
  expect(await getDecision({ ctx, input: { id } })).toMatchObject(window)
})
