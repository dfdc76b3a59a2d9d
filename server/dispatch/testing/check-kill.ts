import { setTimeout as delay } from 'node:timers/promises'
import { verifyLog } from '../../audit/index.ts'
import { createDb, type Db } from '../../kernel/db.ts'
import { seededRandom } from '../../kernel/rng.ts'
import { testContext, testStart } from '../../runtime/testing/context.ts'
import { withThrowawayDatabase } from '../../runtime/testing/throwaway-database.ts'
import { connectCluster, createDeploymentScene, type Deployments, deploymentsOf } from './deployments.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { endOfIds, type Moment, moments, momentsOf } from './kill-moments.ts'
import { type KillPool, killPool } from './kill-pool.ts'
import { withCluster } from './with-cluster.ts'

/**
 * Kills workers with SIGKILL at random points while they carry decisions out against the real API server over a slow network,
 * and counts what was lost or done twice: `npm run check:kill -- [kills] [dispatches]`. Answers are under way for 20 to 300 ms,
 * and so is every third request; a request that is under way arrives though its worker is dead. Half of the kills come at a
 * random moment of all the work, half at one of the second after the worker has sent a write. Interrupted, it kills no more, lets
 * what is open come to its end, and judges that.
 */

const kills = Number(process.argv[2] ?? 1_000)
const dispatches = Number(process.argv[3] ?? 500)
const seed = 20_261_122
/** Workers that are at work at once. */
const atOnce = 3
const leaseSeconds = 2
const toReplicas = 10
const afterWriteMs = 1_000
const longestLifeMs = 10_000
const settled = ['verified', 'failed', 'void', 'rolled_back'] as const
/** What the log says exactly once of a decision that went well, however many workers it took. */
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

const countSettled = (db: Db): Promise<number> =>
  db.dispatch.count({ where: { state: { in: [...settled] } } })

/** Tells when a worker, by its number, has sent a write. */
function writesOf(db: Db, network: FaultProxy, cases: Case[]): (worker: number) => Promise<void> {
  const decisions = new Map(cases.map(({ name, decisionId }) => [name, decisionId]))
  const waiting = new Map<number, () => void>()
  const tell = async (path: string): Promise<void> => {
    const decisionId = decisions.get(/deployments\/([^/?]+)/.exec(path)?.[1] ?? '')
    if (decisionId === undefined) return
    const dispatch = await db.dispatch.findUnique({ where: { decisionId }, select: { leaseOwner: true } })
    for (const [worker, wake] of waiting) if (dispatch?.leaseOwner?.endsWith(endOfIds(worker))) wake()
  }
  network.onWrite = (path) => void tell(path)
  return (worker) => new Promise((resolve) => waiting.set(worker, resolve))
}

async function killThemAll(db: Db, network: FaultProxy, cases: Case[], workers: KillPool) {
  const random = seededRandom(seed)
  const written = writesOf(db, network, cases)
  const met = new Map<Moment | 'nothing', number>()
  const count = (moment: Moment | 'nothing') => met.set(moment, (met.get(moment) ?? 0) + 1)
  let killed = 0
  let interrupted = false
  process.once('SIGINT', () => {
    interrupted = true
  })
  let windowMs = 3_000
  const lane = async (): Promise<void> => {
    while (killed < kills && !interrupted) {
      const worker = await workers.next()
      await worker.atWork
      const aimed = random() < 0.5
      if (aimed) await Promise.race([written(worker.number), delay(longestLifeMs)])
      await delay(random() * (aimed ? afterWriteMs : windowMs))
      if (killed >= kills || interrupted) return worker.kill()
      killed++
      await worker.kill()
      const held = await momentsOf(db, worker.number)
      if (held.length === 0) count('nothing')
      for (const moment of held) count(moment)
      if (killed % 10 === 0) {
        const done = await countSettled(db)
        // So that there is work until the last kill, and none of it left for long after.
        const ahead = done / cases.length - killed / kills
        windowMs = Math.min(
          longestLifeMs,
          Math.max(100, windowMs * (ahead > 0.02 ? 0.7 : ahead < -0.02 ? 1.4 : 1)),
        )
        process.stdout.write(
          `${new Date().toISOString()} ${killed} killed, ${done} of ${cases.length} settled\n`,
        )
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  await workers.next()
  const deadline = Date.now() + 600_000
  while ((await countSettled(db)) < cases.length && Date.now() < deadline) await delay(500)
  return { killed, met }
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
    const network = await startFaultProxy(adminKubeconfig)
    const cases = await prepare(db, deployments, await connectCluster(db, network.kubeconfig))
    const slow = seededRandom(seed + 1)
    const under = () => 20 + slow() * 280
    network.delay = () => ({ requestMs: slow() < 1 / 3 ? under() : 0, answerMs: under() })
    const stopController = deployments.runController(500)
    process.stdout.write(`${new Date().toISOString()} ${cases.length} approved\n`)
    const epochMs = testStart.getTime() + 60_000
    const start = { databaseUrl: appUrl, epochMs, startedAtMs: Date.now(), leaseSeconds }
    const workers = await killPool('kubernetes', start, atOnce + 1)
    try {
      const { killed, met } = await killThemAll(db, network, cases, workers)
      const { lost, wrongLevel, extraBumps, saidTwice } = await judge(db, deployments, cases)
      const report = await verifyLog({
        ctx: testContext({ db }),
        input: { publicKeys: [], checkpointFile: null },
      })
      const takenOver = await db.auditEntry.count({ where: { action: 'dispatch.taken-over' } })
      process.stdout.write(
        `${killed} workers killed over ${cases.length} dispatches, ${met.get('nothing') ?? 0} of them while they held nothing; ` +
          `${takenOver} takings over. Dispatches that were held when their worker was killed:\n` +
          `${moments.map((moment) => `  ${met.get(moment) ?? 0} ${moment}\n`).join('')}` +
          `Lost: ${lost}. At another level: ${wrongLevel}. Generation bumps beyond one per decision: ${extraBumps}. ` +
          `Not said exactly once in the log: ${saidTwice}. The chain ${report.ok ? 'verifies' : 'IS BROKEN'}.\n`,
      )
      process.exitCode = lost + wrongLevel + extraBumps + saidTwice === 0 && report.ok ? 0 : 1
    } finally {
      workers.close()
      await stopController()
      await network.close()
      await db.$disconnect()
    }
  }, false)
})
