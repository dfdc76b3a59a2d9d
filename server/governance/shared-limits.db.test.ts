import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { transact } from '../kernel/transact.ts'
import type { RuleInput } from '../plan/contract.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import type { RunWindow } from './contract.ts'
import { approve, getProposal, getRules, publishRules, type Redemption, redeem, saveDraft } from './index.ts'
import { createSagaScene, type SagaScene } from './testing/saga-scene.ts'
import { createScene, type Scene, seenOf } from './testing/scene.ts'

let database: TestDatabase
let admin: Context
beforeAll(async () => {
  database = await createTestDatabase()
  admin = await (await createScene(database.db)).person('admin')
})
afterAll(() => database.dispose())

/** Two workloads of six replicas each, in one place and one team. */
async function pair(): Promise<[Scene, Scene]> {
  const scenes: [Scene, Scene] = [await createScene(database.db), await createScene(database.db)]
  const { offeringId, name: team } = scenes[0]
  for (const { workloadId } of scenes) {
    await database.db.workload.update({ where: { id: workloadId }, data: { team } })
    await database.db.pool.updateMany({ where: { workloadId }, data: { offeringId } })
  }
  return scenes
}

const quota = ({ offeringId: id }: Scene, quotaReplicas: number) =>
  database.db.offering.update({ where: { id }, data: { quotaReplicas } })

async function publish(rules: RuleInput[]): Promise<void> {
  const { version, draftNumber } = await getRules({ ctx: admin })
  const saved = await saveDraft({ ctx: admin, input: { rules, basedOnDraft: draftNumber } })
  await publishRules({ ctx: admin, input: { ...saved, basedOnVersion: version, reason: 'for a test' } })
}

const approved = async (scene: Scene, replicas = 10, window?: RunWindow) =>
  approve({
    ctx: await scene.person('operator'),
    input: { ...seenOf(await scene.propose(replicas)), window },
  })

/** As dispatch does it: a worker has the dispatch before it redeems. */
async function redeemIn(tx: Tx, { system: ctx, targetId, dispatched }: Scene, decisionId: string) {
  await dispatched(decisionId, 'pending')
  return redeem({ ctx, tx, input: { decisionId, observed: [{ targetId, observedVersion: '7' }] } })
}

/** How many transactions wait for a lock of another one. */
async function waiting(): Promise<number> {
  const [row] = await database.db.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) AS count FROM pg_locks WHERE NOT granted AND locktype = 'advisory'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
  return Number(row?.count ?? 0)
}

/** Both at the same time: the first one does not commit before the second one is done, or waits for it. */
async function together<A, B>(
  first: [Scene, (tx: Tx) => Promise<A>],
  second: [Scene, (tx: Tx) => Promise<B>],
): Promise<[A, B]> {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  let over = false
  const a = transact(first[0].system, async (tx) => {
    const result = await first[1](tx)
    begin()
    while (!over && (await waiting()) === 0) await new Promise((done) => setImmediate(done))
    return result
  })
  await Promise.race([begun, a])
  const b = transact(second[0].system, second[1]).finally(() => {
    over = true
  })
  return Promise.all([a, b])
}

const kinds = (results: Redemption[]) => results.map(({ kind }) => kind)

test('of two approved in the same moment one alone takes the last of a quota', async () => {
  const [one, two] = await pair()
  const [first, second] = [await approved(one), await approved(two)]
  // 6 + 6 stand; either rise to 10 fits, both do not.
  await quota(one, 17)
  one.afterHold()
  two.afterHold()
  const results = await together(
    [one, (tx) => redeemIn(tx, one, first.id)],
    [two, (tx) => redeemIn(tx, two, second.id)],
  )
  expect(kinds(results)).toEqual(['approved', 'void'])
  const back = await getProposal({ ctx: two.system, input: { id: second.proposalId } })
  expect(back).toMatchObject({ state: 'waiting', voidReason: expect.stringContaining('20 replicas at once') })
  expect(back.voidReason).toMatch(/What #\d+ may come to is counted: approved, and not done yet/)
})

test('of one whose window begins in the moment that another is redeemed, one alone takes the last of a budget', async () => {
  const [one, two] = await pair()
  const minute = (n: number) => new Date(one.clock.now().getTime() + n * 60_000).toISOString()
  const first = await approved(one, 10, { notBefore: minute(1), notAfter: minute(9) })
  const second = await approved(two)
  // By the clock of the one it has begun, by that of the other it has not: neither counts the other before it has committed.
  one.clock.advance(60_000)
  two.afterHold()
  // $24/h are paid; a rise adds $8.
  const scope = { team: one.name }
  await publish([
    {
      name: 'hour',
      kind: 'cost-per-hour',
      enforcement: 'hard-mandatory',
      scope,
      per: 'team',
      limitUsd: 33,
      note: '',
    },
  ])
  const results = await together(
    [two, (tx) => redeemIn(tx, two, second.id)],
    [one, (tx) => redeemIn(tx, one, first.id)],
  )
  expect(kinds(results)).toEqual(['approved', 'void'])
  await publish([])
})

test('what is approved holds its share until it stands, and gives it back when it is void or done', async () => {
  const [one, two] = await pair()
  await quota(one, 17)
  const first = await approved(one)
  const proposal = await two.propose(10)
  const ctx = await two.person('operator')
  await expect(approve({ ctx, input: seenOf(proposal) })).rejects.toThrow(
    /20 replicas at once.*What #\d+ may come to/,
  )
  one.afterHold()
  expect(await transact(one.system, (tx) => redeemIn(tx, one, first.id))).toMatchObject({ kind: 'approved' })
  await one.dispatched(first.id, 'dispatching')
  await expect(approve({ ctx, input: seenOf(proposal) })).rejects.toThrow('20 replicas at once')
  await one.dispatched(first.id, 'failed')
  expect(await approve({ ctx, input: seenOf(proposal) })).toMatchObject({ kind: 'approve' })
})

test('two people who approve in the same moment do not pass a quota together', async () => {
  const [one, two] = await pair()
  await quota(one, 17)
  const asked = await Promise.all(
    [one, two].map(async (scene) => ({
      ctx: await scene.person('operator'),
      input: seenOf(await scene.propose(10)),
    })),
  )
  const results = await Promise.allSettled(asked.map((input) => approve(input)))
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('what a plan under way may be taken back to stays reserved until it is done', async () => {
  const scene: SagaScene = await createSagaScene(database.db)
  const mate = await createScene(database.db)
  await database.db.pool.updateMany({
    where: { workloadId: mate.workloadId },
    data: { offeringId: scene.offeringId },
  })
  await quota(scene, 14)
  const moved = await approve({
    ctx: await scene.person('operator'),
    input: seenOf(await scene.proposeSaga()),
  })
  scene.afterHold()
  const observed = [
    { targetId: scene.targetId, observedVersion: '7' },
    { targetId: scene.pools.owned.targetId, observedVersion: '3' },
  ]
  const input = { decisionId: moved.id, observed }
  const redeemed = await transact(scene.system, (tx) => redeem({ ctx: scene.system, tx, input }))
  expect(redeemed).toMatchObject({ kind: 'approved' })
  const { id: dispatchId } = await scene.dispatched(moved.id, 'dispatching')
  for (const [position, targetId] of [scene.pools.owned.targetId, scene.targetId].entries())
    await database.db.dispatchAction.create({
      data: { dispatchId, position, stage: position, targetId, state: 'applied' },
    })
  // The cloud came down from 6 to 4; should it have to be taken back, 6 + 10 pass the quota of 14.
  await scene.observe(4, '8')
  const proposal = await mate.propose(10)
  const ctx = await mate.person('operator')
  await expect(approve({ ctx, input: seenOf(proposal) })).rejects.toThrow('16 replicas at once')
  await scene.dispatched(moved.id, 'verified')
  expect(await approve({ ctx, input: seenOf(proposal) })).toMatchObject({ kind: 'approve' })
})

test('many who share limits in different orders never wait in a circle', async () => {
  const scenes = [...(await pair()), ...(await pair())]
  const scope = { environment: 'production' }
  const shared = (name: string, per: 'team' | 'scope'): RuleInput => ({
    ...{
      name,
      kind: 'cost-per-hour',
      enforcement: 'hard-mandatory',
      scope,
      per,
      limitUsd: 100_000,
      note: '',
    },
  })
  await publish([shared('teams', 'team'), shared('all', 'scope'), shared('again', 'team')])
  const decisions = await Promise.all(scenes.map((scene) => approved(scene, 7)))
  for (const scene of scenes) scene.afterHold()
  const lost: unknown[] = []
  const results = await Promise.all(
    scenes.map((scene, i) => {
      const ctx = {
        ...scene.system,
        log: { ...scene.system.log, warn: (...said: unknown[]) => lost.push(said) },
      }
      return transact(ctx, (tx) => redeemIn(tx, scene, decisions[i]?.id ?? ''))
    }),
  )
  expect(kinds(results)).toEqual(scenes.map(() => 'approved'))
  expect(lost).toEqual([])
  await publish([])
})
