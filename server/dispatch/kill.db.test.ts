import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyLog } from '../audit/index.ts'
import { seededRandom } from '../kernel/rng.ts'
import { createTestDatabase, type TestDatabase, testContext, testStart } from '../runtime/testing/index.ts'
import { type KillPool, killPool } from './testing/kill-pool.ts'
import { createSagaDispatchScene } from './testing/saga-scene.ts'
import { type SandboxStandIn, type SandboxTarget, startSandboxStandIn } from './testing/sandbox-stand-in.ts'
import { createDispatchScene } from './testing/scene.ts'

const kills = 6
/** Decisions that are always still to be written, so that every kill meets work. */
const alwaysUnwritten = 3
/** The request on whose arrival the clock of a kill starts; writes more often, since most can go wrong around them. */
const moments = ['read', 'dry-run', 'write', 'write'] as const
const seed = 20_261_122

let database: TestDatabase
let standIn: SandboxStandIn
let workers: KillPool

beforeAll(async () => {
  database = await createTestDatabase()
  standIn = await startSandboxStandIn()
  const { appUrl: databaseUrl } = database
  const start = { databaseUrl, epochMs: testStart.getTime(), startedAtMs: Date.now() }
  workers = await killPool('sandbox', start, 2)
})
afterAll(async () => {
  workers.close()
  await standIn.close()
  await database.dispose()
})

/** One decision that workers are killed on: its targets, and what must hold in the end. */
type Case = { targets: SandboxTarget[]; settled(decisionId: string): Promise<void> }

/** What the log says at most once of a decision that went well, however many workers it took. */
const onceEach = ['dispatch.taken', 'dispatch.started', 'dispatch.applied', 'dispatch.verified']

async function oneAction(): Promise<[string, Case]> {
  const scene = await createDispatchScene(database.db, standIn)
  const settled = async (decisionId: string) => {
    expect(await scene.dispatch(decisionId)).toMatchObject({ state: 'verified' })
    expect(scene.target).toMatchObject({ desiredReplicas: 10, effects: 1, version: 8 })
    const audited = await scene.audited(decisionId)
    for (const once of onceEach) expect(audited.filter((action) => action === once)).toEqual([once])
  }
  return [await scene.approve(10), { targets: [scene.target], settled }]
}

/** Two stages; with `fails` the target of the second refuses, and the first is taken back. */
async function saga(fails: boolean): Promise<[string, Case]> {
  const scene = await createSagaDispatchScene(database.db, standIn)
  const { owned, cloud } = scene.targets
  if (fails) cloud.quota = 3
  // The second stage takes away: telemetry must stay fresh for as long as the test may take on a busy machine.
  const origin = new Date(testStart.getTime() + 1_800_000)
  await database.db.forecast.update({ where: { id: scene.forecastId }, data: { origin } })
  const settled = async (decisionId: string) => {
    const dispatch = await scene.dispatch(decisionId)
    const audited = await scene.audited(decisionId)
    if (fails) {
      expect(dispatch).toMatchObject({
        state: 'rolled_back',
        actions: [{ state: 'undone' }, { state: 'failed' }],
      })
      expect(owned).toMatchObject({ desiredReplicas: 4, effects: 2, version: 5 })
      expect(cloud).toMatchObject({ desiredReplicas: 6, effects: 0, version: 7 })
      for (const once of ['dispatch.rolling-back', 'dispatch.action-undone', 'dispatch.rolled-back'])
        expect(audited.filter((action) => action === once)).toEqual([once])
      return
    }
    expect(dispatch).toMatchObject({
      state: 'verified',
      actions: [{ state: 'verified' }, { state: 'verified' }],
    })
    expect(owned).toMatchObject({ desiredReplicas: 8, effects: 1, version: 4 })
    expect(cloud).toMatchObject({ desiredReplicas: 4, effects: 1, version: 8 })
    for (const once of onceEach) expect(audited.filter((action) => action === once)).toEqual([once])
    const [firstWrite] = await database.db.receipt.findMany({
      where: { dispatchId: dispatch.id, targetId: scene.pools.cloud.targetId, step: 'apply' },
      orderBy: { at: 'asc' },
    })
    // Never the second before the first stood.
    expect(Date.parse(dispatch.actions[0]?.verifiedAt ?? '')).toBeLessThanOrEqual(
      firstWrite?.at.getTime() ?? 0,
    )
  }
  return [await scene.approveSaga(), { targets: [owned, cloud], settled }]
}

const kinds = [oneAction, () => saga(false), () => saga(true)]
const written = ({ targets }: Case) => targets.some(({ effects }) => effects > 0)

// That many processes must start; where others use the same cores, that takes minutes.
test(`${kills} workers killed at random points: nothing lost, nothing twice`, {
  timeout: 600_000,
}, async () => {
  const random = seededRandom(seed)
  standIn.delayMs = () => random() * 15
  const approved = new Map<string, Case>()
  const replenish = async () => {
    const unwritten = [...approved.values()].filter((one) => !written(one)).length
    for (let i = unwritten; i < alwaysUnwritten; i++) {
      const make = kinds[approved.size % kinds.length] ?? oneAction
      approved.set(...(await make()))
    }
  }
  // A stand-in for the target's controller: what is asked for is ready at the next look.
  const controller = setInterval(() => {
    for (const { targets } of approved.values())
      for (const target of targets) target.readyReplicas = target.desiredReplicas
  }, 20)

  // Kills while a dispatch was held, and of those, between an effect and the knowledge of it.
  const met = { midDispatch: 0, effectUnknown: 0 }
  for (let kill = 0; kill < kills; kill++) {
    await replenish()
    const moment = standIn.holdNext(moments[Math.floor(random() * moments.length)] ?? 'write')
    const worker = await workers.next()
    await moment.arrived
    moment.letGo()
    await delay(random() * 60)
    await worker.kill()
    const held = await database.db.dispatch.findMany({ where: { leaseOwner: { not: null } } })
    if (held.length > 0) met.midDispatch++
    const early = held
      .filter(({ state }) => state !== 'applied')
      .map(({ decisionId }) => approved.get(decisionId))
    if (early.some((one) => one !== undefined && written(one))) met.effectUnknown++
  }
  const last = await workers.next()
  const settled = () =>
    database.db.dispatch.count({ where: { state: { in: ['verified', 'failed', 'void', 'rolled_back'] } } })
  await expect.poll(settled, { timeout: 120_000, interval: 100 }).toBe(approved.size)
  await last.kill()
  clearInterval(controller)

  for (const [decisionId, one] of approved) await one.settled(decisionId)
  // Kills that met nothing would show nothing.
  expect(met.midDispatch).toBeGreaterThan(kills / 2)
  expect(met.effectUnknown).toBeGreaterThan(kills / 10)
  const ctx = testContext({ db: database.db })
  const report = await verifyLog({ ctx, input: { publicKeys: [], checkpointFile: null } })
  expect(report).toMatchObject({ ok: true })
})
