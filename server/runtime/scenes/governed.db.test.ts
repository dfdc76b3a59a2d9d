import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProposalDetail } from '../../governance/contract.ts'
import type { ActionKind } from '../../plan/contract.ts'
import { createPool } from '../../plan/index.ts'
import { governedScript } from '../../sandbox/testing/governed-script.ts'
import { createTestDatabase, type TestDatabase } from '../testing/index.ts'
import { type PlayedScene, playScene } from './testing/play-scene.ts'

let database: TestDatabase
let played: PlayedScene
beforeAll(async () => {
  database = await createTestDatabase()
  played = await playScene(database.db, 'governed', [governedScript])
  await played.send()
  await played.turn()
}, 120_000)
afterAll(async () => {
  played.close()
  await database.dispose()
})

const levels = (...targets: string[]) => targets.map((target) => played.world.observe(target).desiredReplicas)
/** The proposal that waits with an action of a kind, as soon as there is one. */
const proposalOf = async (kind: ActionKind): Promise<ProposalDetail> => {
  for (let minutes = 0; minutes < 12; minutes++) {
    const waiting = await played.waiting()
    const found = waiting.find(({ content }) => content.actions.some((action) => action.kind === kind))
    if (found) return found
    await played.pass(60, 4)
  }
  throw new Error(`nothing was proposed with "${kind}"`)
}

test('before a burst nodes are ordered and then the replicas on them; a size that is too large is cut', {
  timeout: 120_000,
}, async () => {
  const rise = await proposalOf('allocate')
  expect(rise.content.actions).toMatchObject([
    { kind: 'allocate', targetName: 'on-nodes-machines', fromReplicas: 2, stage: 0 },
    { kind: 'scale', targetName: 'on-nodes-pods', fromReplicas: 6, stage: 1 },
  ])
  const decision = await played.approve(rise)
  expect(await played.carryOut(decision)).toBe('verified')
  const [nodes = 0, pods = 0] = levels('on-nodes-machines', 'on-nodes-pods')
  expect(pods).toBeGreaterThan(8)
  expect(pods).toBeLessThanOrEqual(4 * nodes)
  const sent = await database.db.receipt.findMany({
    where: { dispatch: { decisionId: decision }, step: 'apply', outcome: 'sent' },
    orderBy: { at: 'asc' },
  })
  const targets = rise.content.actions.map(({ targetId }) => targetId)
  expect(sent.map(({ targetId }) => targetId)).toEqual(targets)
  const spare = await database.db.pool.findFirstOrThrow({ where: { target: { name: 'on-nodes-machines' } } })
  expect(spare.replicasPerNode).toBe(4)

  const cut = await proposalOf('right-size')
  expect(cut.content).toMatchObject({
    actions: [{ kind: 'right-size', targetName: 'oversized-size', fromReplicas: 100, toReplicas: 75 }],
    evidence: { size: { size: 100 } },
  })
  const before = played.world.compare('oversized-pods').actual.costPerHourUsd
  expect(cut.content.effect.costChangePerHourUsd).toBeCloseTo(-0.25 * before)
  expect(await played.carryOut(await played.approve(cut))).toBe('verified')
  expect(levels('oversized-size')).toEqual([75])
  await played.quietly(60)
  const { actual, undisturbed } = played.world.compare('oversized-pods')
  expect(actual.costPerHourUsd).toBeCloseTo(0.75 * undisturbed.costPerHourUsd)
  expect(actual.latencyP99Ms).toBeCloseTo(undisturbed.latencyP99Ms)
})

test('what governs a pool is held against the others of its workload', async () => {
  const pods = await database.db.pool.findFirstOrThrow({
    where: { target: { name: 'on-nodes-pods' } },
    include: { target: true },
  })
  const target = await database.db.target.create({
    data: {
      ...{ id: crypto.randomUUID(), name: 'spare', ref: { target: 'spare' }, createdAt: new Date() },
      connectionId: pods.target.connectionId,
    },
  })
  const declare = (change: object) =>
    createPool({
      ctx: played.system,
      input: {
        ...{ workloadId: pods.workloadId, offeringId: pods.offeringId, targetId: target.id },
        ...{ capacityPerReplica: 1, ...change },
      },
    })
  const governsPoolId = pods.id
  await expect(declare({ governsPoolId })).rejects.toThrow('which only nodes and sizes do')
  await expect(declare({ control: 'nodes', governsPoolId })).rejects.toThrow('how many fit on one')
  await expect(declare({ control: 'nodes', governsPoolId, replicasPerNode: 2 })).rejects.toThrow(
    'another one of the control "nodes" governs',
  )
  const { id } = await declare({ control: 'size' })
  expect((await database.db.pool.findUniqueOrThrow({ where: { id } })).governsPoolId).toBe(pods.id)
})
