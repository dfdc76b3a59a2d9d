import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyLog } from '../audit/index.ts'
import { seededRandom } from '../kernel/rng.ts'
import { createTestDatabase, type TestDatabase, testContext, testStart } from '../runtime/testing/index.ts'
import type { KillWorkerStart } from './testing/kill-worker.ts'
import { type SandboxStandIn, startSandboxStandIn } from './testing/sandbox-stand-in.ts'
import { createDispatchScene, type DispatchScene, testEncryptionKey } from './testing/scene.ts'

const kills = 50
/** Decisions that are always still to be written, so that every kill meets work. */
const alwaysUnwritten = 4
/** The request on whose arrival the clock of a kill starts; writes more often, since most can go wrong around them. */
const moments = ['read', 'dry-run', 'write', 'write'] as const
const seed = 20_261_122
const workerFile = path.join(import.meta.dirname, 'testing/kill-worker.ts')

let database: TestDatabase
let standIn: SandboxStandIn
let cacheDir: string
const children = new Set<ChildProcess>()

beforeAll(async () => {
  database = await createTestDatabase()
  standIn = await startSandboxStandIn()
  cacheDir = mkdtempSync(path.join(tmpdir(), 'infrasage-kill-'))
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await standIn.close()
  await database.dispose()
  rmSync(cacheDir, { recursive: true, force: true })
})

/** A worker that is loaded and waits for its start. */
async function spare(): Promise<ChildProcess> {
  const child = fork(workerFile, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, INFRASAGE_ENCRYPTION_KEY: testEncryptionKey, NODE_COMPILE_CACHE: cacheDir },
    execArgv: [],
  })
  children.add(child)
  child.once('exit', () => children.delete(child))
  await once(child, 'message')
  return child
}

// Fifty processes must start; where others use the same cores, that takes minutes.
test(`${kills} workers killed at random points: nothing lost, nothing twice`, {
  timeout: 600_000,
}, async () => {
  const random = seededRandom(seed)
  standIn.delayMs = () => random() * 15
  const approved = new Map<string, DispatchScene>()
  const scenes = () => [...approved.values()]
  const replenish = async () => {
    for (let i = scenes().filter(({ target }) => target.effects === 0).length; i < alwaysUnwritten; i++) {
      const scene = await createDispatchScene(database.db, standIn)
      approved.set(await scene.approve(10), scene)
    }
  }
  // A stand-in for the target's controller: what is asked for is ready at the next look.
  const controller = setInterval(() => {
    for (const { target } of approved.values()) target.readyReplicas = target.desiredReplicas
  }, 20)

  const start: KillWorkerStart = {
    databaseUrl: database.appUrl,
    epochMs: testStart.getTime(),
    startedAtMs: Date.now(),
  }
  let next = spare()
  // Kills while a dispatch was held, and of those, between an effect and the knowledge of it.
  const met = { midDispatch: 0, effectUnknown: 0 }
  for (let kill = 0; kill < kills; kill++) {
    await replenish()
    const worker = await next
    next = spare()
    const moment = standIn.holdNext(moments[Math.floor(random() * moments.length)] ?? 'write')
    worker.send(start)
    await moment.arrived
    moment.letGo()
    await delay(random() * 60)
    worker.kill('SIGKILL')
    await once(worker, 'exit')
    const held = await database.db.dispatch.findMany({ where: { leaseOwner: { not: null } } })
    if (held.length > 0) met.midDispatch++
    const early = held
      .filter(({ state }) => state !== 'applied')
      .map(({ decisionId }) => approved.get(decisionId))
    if (early.some((scene) => scene?.target.effects === 1)) met.effectUnknown++
  }
  const last = await next
  last.send(start)
  const settled = () =>
    database.db.dispatch.count({ where: { state: { in: ['verified', 'failed', 'void'] } } })
  await expect.poll(settled, { timeout: 120_000, interval: 100 }).toBe(approved.size)
  last.kill('SIGKILL')
  await once(last, 'exit')
  clearInterval(controller)

  for (const [decisionId, scene] of approved) {
    expect(await scene.dispatch(decisionId)).toMatchObject({ state: 'verified' })
    expect(scene.target).toMatchObject({ desiredReplicas: 10, effects: 1, version: 8 })
    const audited = await scene.audited(decisionId)
    for (const once of ['dispatch.taken', 'dispatch.started', 'dispatch.applied', 'dispatch.verified']) {
      expect(audited.filter((action) => action === once)).toEqual([once])
    }
  }
  // Kills that met nothing would show nothing.
  expect(met.midDispatch).toBeGreaterThan(kills / 2)
  expect(met.effectUnknown).toBeGreaterThan(kills / 10)
  const ctx = testContext({ db: database.db })
  const report = await verifyLog({ ctx, input: { publicKeys: [], checkpointFile: null } })
  expect(report).toMatchObject({ ok: true })
})
