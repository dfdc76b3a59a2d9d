import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { verifyLog } from '../../audit/index.ts'
import { createDb, type Db } from '../../kernel/db.ts'
import { seededRandom } from '../../kernel/rng.ts'
import { testContext, testStart } from '../../runtime/testing/context.ts'
import { withThrowawayDatabase } from '../../runtime/testing/throwaway-database.ts'
import { connectCluster, createDeploymentScene, type Deployments, deploymentsOf } from './deployments.ts'
import type { KillWorkerStart } from './kill-worker.ts'
import { withCluster } from './with-cluster.ts'

/**
 * Kills workers with SIGKILL at random points while they carry decisions out against the real API server, and counts what was lost
 * or done twice: `npm run check:kill -- [kills] [dispatches]`.
 */

const kills = Number(process.argv[2] ?? 1_000)
const dispatches = Number(process.argv[3] ?? 500)
const seed = 20_261_122
/** Workers that are at work at once. */
const atOnce = 3
const leaseSeconds = 2
const toReplicas = 10
const settled = ['verified', 'failed', 'void', 'rolled_back'] as const
/** What the log says at most once of a decision that went well, however many workers it took. */
const onceEach = ['dispatch.taken', 'dispatch.started', 'dispatch.applied', 'dispatch.verified']

type Case = { name: string; decisionId: string }

async function prepare(db: Db, deployments: Deployments, connectionId: string): Promise<Case[]> {
  const cases: Case[] = []
  for (let i = 0; i < dispatches; i++) {
    const scene = await createDeploymentScene(db, deployments, connectionId)
    await scene.see()
    cases.push({ name: scene.name, decisionId: await scene.approve(toReplicas) })
  }
  return cases
}

/** Workers that are loaded and wait for their start, so that a kill need not wait for one. */
function pool(cacheDir: string, size: number) {
  const children = new Set<ChildProcess>()
  const spares: Promise<ChildProcess>[] = []
  const spare = async (): Promise<ChildProcess> => {
    const child = fork(path.join(import.meta.dirname, 'kill-worker.ts'), {
      ...{ stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] },
      env: { ...process.env, NODE_COMPILE_CACHE: cacheDir },
    })
    children.add(child)
    child.once('exit', () => children.delete(child))
    await once(child, 'message')
    return child
  }
  while (spares.length < size) spares.push(spare())
  return {
    next: (): Promise<ChildProcess> => {
      spares.push(spare())
      return spares.shift() ?? spare()
    },
    close: () => {
      for (const child of children) child.kill('SIGKILL')
    },
  }
}

async function killThemAll(db: Db, appUrl: string, cases: Case[], workers: ReturnType<typeof pool>) {
  const random = seededRandom(seed)
  const start: KillWorkerStart = {
    databaseUrl: appUrl,
    epochMs: testStart.getTime() + 60_000,
    startedAtMs: Date.now(),
    leaseSeconds,
  }
  const met = { held: 0, sent: 0 }
  let killed = 0
  let windowMs = 3_000
  const lane = async (): Promise<void> => {
    while (killed < kills) {
      const worker = await workers.next()
      const atWork = once(worker, 'message')
      worker.send(start)
      await atWork
      await delay(random() * windowMs)
      if (killed >= kills) {
        worker.kill('SIGKILL')
        return
      }
      killed++
      worker.kill('SIGKILL')
      await once(worker, 'exit')
      const open = await db.dispatch.findMany({
        where: { leaseOwner: { not: null } },
        include: { receipts: true },
      })
      if (open.length > 0) met.held++
      const unclear = open.filter(({ receipts, state }) => {
        return (
          state !== 'applied' && receipts.some(({ step, outcome }) => step === 'apply' && outcome === 'sent')
        )
      })
      if (unclear.length > 0) met.sent++
      if (killed % 10 === 0) {
        const done = await db.dispatch.count({ where: { state: { in: [...settled] } } })
        // So that there is work until the last kill, and none of it left for long after.
        const ahead = done / cases.length - killed / kills
        windowMs = Math.min(10_000, Math.max(100, windowMs * (ahead > 0.02 ? 0.7 : ahead < -0.02 ? 1.4 : 1)))
        process.stdout.write(
          `${new Date().toISOString()} ${killed} killed, ${done} of ${cases.length} settled\n`,
        )
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  const last = await workers.next()
  last.send(start)
  const deadline = Date.now() + 600_000
  while ((await db.dispatch.count({ where: { state: { in: [...settled] } } })) < cases.length) {
    if (Date.now() > deadline) break
    await delay(500)
  }
  return { ...met, killed }
}

async function judge(db: Db, deployments: Deployments, cases: Case[]) {
  const found = { lost: 0, wrongLevel: 0, extraBumps: 0, saidTwice: 0 }
  for (const { name, decisionId } of cases) {
    const dispatch = await db.dispatch.findUnique({ where: { decisionId } })
    const { replicas, bumps } = await deployments.asked(name)
    const said = await db.auditEntry.findMany({ where: { subject: `decision/${decisionId}` } })
    if (dispatch?.state !== 'verified') found.lost++
    if (replicas !== toReplicas) found.wrongLevel++
    found.extraBumps += Math.max(0, bumps - 1)
    if (onceEach.some((one) => said.filter(({ action }) => action === one).length !== 1)) found.saidTwice++
  }
  return found
}

await withCluster(async ({ adminKubeconfig }) => {
  await withThrowawayDatabase(async (appUrl) => {
    const db = createDb(appUrl, 6)
    const deployments = await deploymentsOf(adminKubeconfig)
    const cacheDir = mkdtempSync(path.join(tmpdir(), 'infrasage-kill-'))
    const cases = await prepare(db, deployments, await connectCluster(db, adminKubeconfig))
    const stopController = deployments.runController(500)
    process.stdout.write(`${new Date().toISOString()} ${cases.length} approved\n`)
    const workers = pool(cacheDir, atOnce + 1)
    try {
      const { killed, held, sent } = await killThemAll(db, appUrl, cases, workers)
      const { lost, wrongLevel, extraBumps, saidTwice } = await judge(db, deployments, cases)
      const report = await verifyLog({
        ctx: testContext({ db }),
        input: { publicKeys: [], checkpointFile: null },
      })
      const takenOver = await db.auditEntry.count({ where: { action: 'dispatch.taken-over' } })
      process.stdout.write(
        `${killed} workers killed over ${cases.length} dispatches: ${held} kills met one that was held, ${sent} one whose write was ` +
          `sent and not known; ${takenOver} takings over.\nLost: ${lost}. At another level: ${wrongLevel}. Generation bumps beyond ` +
          `one per decision: ${extraBumps}. Said twice in the log: ${saidTwice}. The chain ${report.ok ? 'verifies' : 'IS BROKEN'}.\n`,
      )
      process.exitCode = lost + wrongLevel + extraBumps + saidTwice === 0 && report.ok ? 0 : 1
    } finally {
      workers.close()
      await stopController()
      await db.$disconnect()
      rmSync(cacheDir, { recursive: true, force: true })
    }
  }, false)
})
