import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../kernel/context.ts'
import { ConflictError } from '../kernel/errors.ts'
import { transact } from '../kernel/transact.ts'
import { composeSaga } from '../plan/index.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { approve, getDecision, getProposal, override, previewOverride, reject, rollback } from './index.ts'
import { createSagaScene, moveHome, type SagaScene } from './testing/saga-scene.ts'
import { seenOf } from './testing/scene.ts'
import { planInputNow } from './world.ts'

let database: TestDatabase
let scene: SagaScene
let operator: Context

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  scene = await createSagaScene(database.db)
  operator = await scene.person('operator')
})

const proposalOf = (id: string) => getProposal({ ctx: scene.system, input: { id } })

describe('an approval of several actions', () => {
  test('binds every written target and price, and the way back; what is not written may move', async () => {
    const proposal = await scene.proposeSaga()
    expect(proposal).toMatchObject({ purpose: 'migrate', actionCount: 2, workloadCount: 1 })
    await scene.observeAt('job', 0, '2')
    const { binding } = await approve({ ctx: operator, input: seenOf(proposal) })
    if (binding?.format !== 'infrasage-approval/2') throw new Error('not a saga')
    expect(binding.targets.map(({ observedVersion }) => observedVersion).sort()).toEqual(['3', '7'])
    expect(binding.prices).toHaveLength(2)
    expect(
      binding.inverse?.map(({ stage, fromReplicas, toReplicas }) => [stage, fromReplicas, toReplicas]),
    ).toEqual([
      [0, 4, 6],
      [1, 8, 4],
    ])
  })

  test.each([
    ['the target of the later stage', () => scene.observeAt('cloud', 6, '8'), 'version 7 → 8'],
    ['the price of the other pool', () => setOwnedPrice(1.5), 'the price moved: $1'],
    ['the policy', () => scene.setPolicy({ maxReplicas: 39 }), 'policy moved: version 1 → 2'],
  ])('is void when %s moved, and the proposal is back with the numbers of now', async (_, move, words) => {
    const proposal = await scene.proposeSaga()
    await move()
    await expect(approve({ ctx: operator, input: seenOf(proposal) })).rejects.toThrow(words)
    const back = await proposalOf(proposal.id)
    expect(back).toMatchObject({ state: 'waiting', voidReason: expect.stringContaining(words) })
    expect(back.content.actions.map(({ toReplicas }) => toReplicas)).toEqual([8, 4])
    await approve({ ctx: operator, input: seenOf(back) })
  })

  test('is refused when the parallel peak passes the cost limit, though both ends keep it', async () => {
    // Before $19, after $19 – and $23 while both stand.
    await scene.setPolicy({ costLimitPerHourUsd: 21 })
    const proposal = await scene.proposeSaga()
    expect(proposal.content.effect).toMatchObject({ costPerHourUsd: 19, peakCostPerHourUsd: 23 })
    await expect(approve({ ctx: operator, input: seenOf(proposal) })).rejects.toThrow(/\$23\.00\/h breaks/)
  })
})

const setOwnedPrice = (pricePerReplicaHourUsd: number) =>
  database.db.offering.update({
    where: { id: scene.pools.owned.offeringId },
    data: { pricePerReplicaHourUsd },
  })

describe('overriding a saga', () => {
  test('edits set-points of its actions; everything is recomputed, order and way back included', async () => {
    const proposal = await scene.proposeSaga()
    const setPoints = [{ targetId: scene.pools.owned.targetId, to: 10 }]
    const seen = await previewOverride({ ctx: operator, input: { proposalId: proposal.id, setPoints } })
    expect(seen.content.actions.map(({ stage, toReplicas }) => [stage, toReplicas])).toEqual([
      [0, 10],
      [1, 4],
    ])
    expect(seen.difference[0]).toMatchObject({ proposed: 8, sent: 10, unit: 'replicas' })
    const decision = await override({
      ctx: operator,
      input: {
        ...seenOf(proposal),
        setPoints,
        previewHash: seen.contentHash,
        reason: 'two more, to be sure',
      },
    })
    expect(decision.sent?.inverse?.at(-1)).toMatchObject({ fromReplicas: 10, toReplicas: 4 })
    expect((await getDecision({ ctx: operator, input: { id: decision.id } })).kind).toBe('counter')
  })

  test('one number for several actions, and a target of none, are refused in words', async () => {
    const { id: proposalId } = await scene.proposeSaga()
    const preview = (input: object) => previewOverride({ ctx: operator, input: { proposalId, ...input } })
    await expect(preview({ toReplicas: 9 })).rejects.toThrow('has 2 actions, and one number does not say')
    const elsewhere = { targetId: scene.pools.job.targetId, to: 0 }
    await expect(preview({ setPoints: [elsewhere] })).rejects.toThrow('is of no action of this proposal')
    await expect(preview({})).rejects.toThrow()
    await expect(preview({ toReplicas: 9, setPoints: [] })).rejects.toThrow()
  })

  test('suspends what was to be cancelled where that is offered instead, and takes no other kind', async () => {
    const suspend = { pool: 'job', to: 0, kind: 'suspend' } as const
    const proposal = await scene.proposeSaga([{ ...suspend, kind: 'cancel' }], {
      ...{ purpose: 'stop-harm', direction: 'stop' },
      instead: [suspend],
    })
    expect(proposal.content.inverse).toBeNull()
    const { targetId } = scene.pools.job
    const setPoints = [{ targetId, to: 0, kind: 'suspend' as const }]
    const preview = (kind: 'suspend' | 'right-size') =>
      previewOverride({
        ctx: operator,
        input: { proposalId: proposal.id, setPoints: [{ targetId, to: 0, kind }] },
      })
    await expect(preview('right-size')).rejects.toThrow('or its kind, is of no action')
    const { content, contentHash: previewHash, difference } = await preview('suspend')
    expect(content.actions).toMatchObject([{ targetId, kind: 'suspend', toReplicas: 0 }])
    expect(content.inverse).toMatchObject([{ targetId, kind: 'resume', toReplicas: 1 }])
    expect(difference).toMatchObject([
      { field: expect.stringContaining('ends for good'), proposed: 1, sent: 0 },
    ])
    const decision = await override({
      ctx: operator,
      input: { ...seenOf(proposal), setPoints, previewHash, reason: 'its owner is asked first' },
    })
    expect(decision.sent?.actions).toMatchObject([{ kind: 'suspend' }])
    expect(decision.summary).toContain('suspend instead of cancel')
  })

  test('the one action of an older kind takes either form', async () => {
    const { id: proposalId } = await scene.propose(10)
    const byNumber = await previewOverride({ ctx: operator, input: { proposalId, toReplicas: 9 } })
    const setPoints = [{ targetId: scene.targetId, to: 9 }]
    const byTarget = await previewOverride({ ctx: operator, input: { proposalId, setPoints } })
    expect(byTarget.contentHash).toBe(byNumber.contentHash)
  })
})

describe('what waits', () => {
  test('stays while the advice is the same, and gives way to the newest answer to its question', async () => {
    const first = await scene.proposeSaga()
    expect(await scene.publish(await scene.plannedSaga(moveHome))).toEqual({
      kind: 'kept',
      proposalId: first.id,
    })
    const more = await scene.publish(await scene.planned(10))
    expect(more).toMatchObject({ kind: 'superseded', supersededId: first.id })
  })

  test('of another question is left alone; on the same target the more urgent goes first', async () => {
    const stop = { purpose: 'stop-harm', direction: 'stop' } as const
    const job = await scene.proposeSaga([{ pool: 'job', to: 0, kind: 'suspend' }], stop)
    const rise = await scene.propose(10)
    expect((await proposalOf(job.id)).state).toBe('waiting')
    const size = { purpose: 'right-size', direction: 'down' } as const
    const smaller = await scene.publish(await scene.plannedSaga([{ pool: 'cloud', to: 5 }], size))
    expect(smaller).toMatchObject({ kind: 'held', reason: expect.stringContaining(`#${rise.number} waits`) })
  })

  test('advice that was rejected is not given again', async () => {
    const proposal = await scene.proposeSaga()
    await reject({ ctx: operator, input: { ...seenOf(proposal), reason: 'not today' } })
    expect(await scene.publish(await scene.plannedSaga(moveHome))).toMatchObject({ kind: 'held' })
  })
})

describe('rolling back', () => {
  const applied = async (...asked: Parameters<typeof scene.proposeSaga>) => {
    const proposal = await scene.proposeSaga(...asked)
    const decision = await approve({ ctx: operator, input: seenOf(proposal) })
    await scene.dispatched(decision.id, 'verified')
    const dispatch = await database.db.dispatch.findUniqueOrThrow({ where: { decisionId: decision.id } })
    await database.db.dispatchAction.createMany({
      data: proposal.content.actions.map(({ targetId, stage = 0 }, position) => ({
        ...{ dispatchId: dispatch.id, position, stage, targetId },
        ...{ state: 'verified' as const, appliedAt: scene.clock.now(), verifiedAt: scene.clock.now() },
      })),
    })
    return proposal
  }

  test('proposes the inverse, in the order of the way back', async () => {
    const proposal = await applied()
    await scene.observeAt('owned', 8, '4')
    await scene.observeAt('cloud', 4, '8')
    const back = await rollback({ ctx: operator, input: { proposalId: proposal.id, reason: 'slower there' } })
    expect(back).toMatchObject({ kind: 'rollback', state: 'approved' })
    const actions = back.content.actions.map(({ stage, fromReplicas, toReplicas }) => [
      stage,
      fromReplicas,
      toReplicas,
    ])
    expect(actions).toEqual([
      [0, 4, 6],
      [1, 8, 4],
    ])
  })

  test('of a job that was ended for good says that there is none', async () => {
    const stop = { purpose: 'stop-harm', direction: 'stop' } as const
    const proposal = await applied([{ pool: 'job', to: 0, kind: 'cancel' }], stop)
    await scene.observeAt('job', 0, '2')
    await expect(
      rollback({ ctx: operator, input: { proposalId: proposal.id, reason: 'it was no loop' } }),
    ).rejects.toThrow(/cannot be rolled back: it ended ".*-job" for good/)
  })
})

describe('a saga over two workloads', () => {
  /** What the other one gives goes first, and then this one takes it. */
  const between = async (other: SagaScene) => {
    const { cloud } = scene.pools
    const action = (pool: SagaScene['pools']['cloud'], workloadId: string, stage: number, to: number) => ({
      ...{ kind: 'scale' as const, stage, workloadId, poolId: pool.id },
      ...{ targetId: pool.targetId, targetName: pool.target.name, domainName: scene.name, region: 'eu-west' },
      ...{ hardwareClass: pool.offering.hardwareClass, fromReplicas: 0, toReplicas: to },
    })
    const content = await transact(scene.system, async (tx) => {
      const own = await planInputNow(tx, scene.system, scene.workloadId)
      const given = await planInputNow(tx, scene.system, other.workloadId)
      return composeSaga(
        { own, others: [given] },
        {
          ...{ purpose: 'capacity', direction: 'up', summary: 'one gives, one takes', reasons: [] },
          actions: [action(other.pools.cloud, other.workloadId, 0, 4), action(cloud, scene.workloadId, 1, 8)],
          actBy: new Date(scene.clock.now().getTime() + 600_000).toISOString(),
          expiresAt: new Date(scene.clock.now().getTime() + 3_600_000).toISOString(),
        },
      )
    })
    const proposed = await scene.publish(content)
    if (proposed.kind === 'held') throw new Error(proposed.reason)
    return proposalOf(proposed.proposalId)
  }

  test('binds the policy of the other, is judged by it, and holds it while it is under way', async () => {
    const other = await createSagaScene(database.db)
    const proposal = await between(other)
    expect(proposal).toMatchObject({ workloadCount: 2, purpose: 'capacity' })
    await other.setPolicy({ maxStepDown: 1 })
    await expect(approve({ ctx: operator, input: seenOf(proposal) })).rejects.toThrow(
      'policy of another workload moved: version 1 → 2',
    )
    const back = await proposalOf(proposal.id)
    await expect(approve({ ctx: operator, input: seenOf(back) })).rejects.toThrow('at most 1 at a time')

    await other.setPolicy({ maxStepDown: 10 }, 2)
    await expect(approve({ ctx: operator, input: seenOf(back) })).rejects.toThrow('version 2 → 3')
    await approve({ ctx: operator, input: seenOf(await proposalOf(proposal.id)) })
    expect(await other.publish(await other.planned(9))).toMatchObject({ kind: 'held' })
  })

  test('two that touch each other, decided at once, wait for each other and never for ever', async () => {
    const other = await createSagaScene(database.db)
    const both = await between(other)
    const stop = { purpose: 'stop-harm', direction: 'stop' } as const
    const job = await other.proposeSaga([{ pool: 'job', to: 0, kind: 'suspend' }], stop)
    const outcomes = await Promise.allSettled([
      approve({ ctx: operator, input: seenOf(both) }),
      approve({ ctx: operator, input: seenOf(job) }),
      other.setPolicy({ maxReplicas: 39 }),
    ])
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(ConflictError)
  })
})

test('a plan for one pool is judged on it, and taken back there, whichever pool leads the workload by now', async () => {
  const proposal = await scene.propose(8)
  const first = scene.pools.cloud.id
  await database.db.pool.update({ where: { id: first }, data: { priority: 5 } })
  const { policyResults } = (
    await previewOverride({ ctx: operator, input: { proposalId: proposal.id, toReplicas: 8 } })
  ).content
  expect(policyResults).toContainEqual(expect.objectContaining({ rule: 'step-limit', actual: '+2 replicas' }))
  const decision = await approve({ ctx: operator, input: seenOf(proposal) })
  await scene.dispatched(decision.id, 'verified')
  await scene.observe(8, '8')
  const back = await rollback({ ctx: operator, input: { proposalId: proposal.id, reason: 'no need' } })
  expect(back.content.actions).toMatchObject([{ poolId: first, fromReplicas: 8, toReplicas: 6 }])
})
