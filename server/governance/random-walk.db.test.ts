import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../kernel/context.ts'
import { ServiceError } from '../kernel/errors.ts'
import { transact } from '../kernel/transact.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import {
  approve,
  expireDue,
  getProposal,
  override,
  previewOverride,
  redeem,
  reject,
  undo,
  withdraw,
} from './index.ts'
import { createScene, dispatchJobs, type Scene, seenOf } from './testing/scene.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const steps = [
  'propose',
  'approve',
  'override',
  'reject',
  'withdraw',
  'expire',
  'policy',
  'price',
  'target',
  'redeem',
  'undo',
] as const
type Step = { name: (typeof steps)[number]; pick: number }

const step = fc.record<Step>({
  name: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom<Step['name']>('propose', 'approve', 'redeem') },
    { weight: 2, arbitrary: fc.constantFrom(...steps) },
  ),
  pick: fc.nat(1_000),
})

/** The world that a walk changes, and what is true of it at this moment. */
type World = {
  scene: Scene
  operators: [Context, Context]
  version: number
  policy: number
  redeemed: Set<string>
}

const observedOf = ({ scene, version }: World) => [
  { targetId: scene.targetId, observedVersion: String(version) },
]

/** Does one step on some proposal or decision of the walk, old ones included; refusals are fine. */
async function take(world: World, { name, pick }: Step): Promise<void> {
  const { scene, operators } = world
  const ctx = operators[pick % 2] ?? operators[0]
  const rows = await database.db.proposal.findMany({
    where: { workloadId: scene.workloadId },
    orderBy: { number: 'desc' },
  })
  const chosen = rows[pick % 3] ?? rows[0]
  const seen = chosen && seenOf(await getProposal({ ctx, input: { id: chosen.id } }))
  const { workloadId } = scene

  if (name === 'propose') await scene.publish(await scene.planned(8 + (pick % 8)))
  if (name === 'approve' && seen) await approve({ ctx, input: seen })
  if (name === 'reject' && seen) await reject({ ctx, input: { ...seen, reason: 'a walk' } })
  if (name === 'override' && seen) {
    const input = { proposalId: seen.proposalId, toReplicas: 8 + (pick % 8) }
    const { contentHash } = await previewOverride({ ctx, input })
    await override({ ctx, input: { ...seen, ...input, previewHash: contentHash, reason: 'a walk' } })
  }
  if (name === 'withdraw') {
    await transact(scene.system, (tx) =>
      withdraw({ ctx: scene.system, tx, input: { workloadId, reason: 'a walk' } }),
    )
  }
  if (name === 'expire') {
    scene.clock.advance(240_000)
    await expireDue({ ctx: scene.system })
  }
  if (name === 'policy') {
    await scene.setPolicy({ maxReplicas: 30 + ((world.policy + 1) % 7) }, world.policy)
    world.policy += 1
  }
  if (name === 'price') await scene.setPrice(2 + (pick % 4) / 4)
  if (name === 'target') {
    world.version += 1
    scene.clock.advance(1_000)
    await scene.observe(6, String(world.version))
  }
  if (name === 'redeem') await redeemOne(world, pick)
  const sent = dispatchJobs(scene.jobs).at(-1)
  if (name === 'undo' && sent) await undo({ ctx, input: { decisionId: sent, reason: 'a walk' } })
}

/** Redeems some job that was ever sent, and checks that the right to do so was there. */
async function redeemOne(world: World, pick: number): Promise<void> {
  const { scene, redeemed } = world
  const jobs = dispatchJobs(scene.jobs)
  const decisionId = jobs[jobs.length - 1 - (pick % Math.max(1, Math.min(3, jobs.length)))]
  if (!decisionId) return
  const decision = await database.db.decision.findUniqueOrThrow({
    where: { id: decisionId },
    include: { proposal: { include: { decisions: { orderBy: { number: 'desc' } } } } },
  })
  scene.afterHold()
  const input = { decisionId, observed: observedOf(world) }
  const result = await transact(scene.system, (tx) => redeem({ ctx: scene.system, tx, input }))
  if (result.kind !== 'approved') return
  expect(result.plan.contentHash).toBe(decision.contentHash)
  expect(redeemed.has(decisionId)).toBe(false)
  redeemed.add(decisionId)
  expect(decision.userId).not.toBeNull()
  const { counterId } = decision.proposal
  const author =
    counterId && (await database.db.decision.findUniqueOrThrow({ where: { id: counterId } })).userId
  expect(decision.userId).not.toBe(author)
  expect(decision.proposal.state).toBe('approved')
  expect(decision.proposal.decisions[0]?.id).toBe(decisionId)
  const price = await database.db.offering.findUniqueOrThrow({ where: { id: scene.offeringId } })
  expect(decision.binding).toMatchObject({
    targets: input.observed,
    policyVersion: world.policy,
    prices: [{ pricePerReplicaHourUsd: price.pricePerReplicaHourUsd }],
  })
  await scene.dispatched(decisionId, 'verified')
}

let redeemedInAll = 0

test('no walk through the verbs redeems what no person approved, twice, or after anything moved', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 24 }), async (walk) => {
      const scene = await createScene(database.db)
      const operators: World['operators'] = [await scene.person('operator'), await scene.person('operator')]
      const world: World = {
        scene,
        operators,
        version: 7,
        policy: 1,
        redeemed: new Set(),
      }
      for (const each of walk) {
        await take(world, each).catch((error) => {
          if (!(error instanceof ServiceError)) throw error
        })
        const waiting = { workloadId: world.scene.workloadId, state: 'waiting' } as const
        expect(await database.db.proposal.count({ where: waiting })).toBeLessThanOrEqual(1)
      }
      const used = { proposal: { workloadId: world.scene.workloadId }, usedAt: { not: null } }
      expect(await database.db.decision.count({ where: used })).toBe(world.redeemed.size)
      redeemedInAll += world.redeemed.size
    }),
    { numRuns: 10, seed: 7 },
  )
  // A walk that never gets that far would prove nothing.
  expect(redeemedInAll).toBeGreaterThan(5)
}, 180_000)
