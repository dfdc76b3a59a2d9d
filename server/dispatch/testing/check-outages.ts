import { type ChildProcess, spawn } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, openSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readAuditKey, verifyLog } from '../../audit/index.ts'
import type { Db } from '../../kernel/db.ts'
import { openHost } from '../../kernel/host.ts'
import { seededRandom } from '../../kernel/rng.ts'
import { testContext } from '../../runtime/testing/context.ts'
import { type StoppableDatabase, withStoppableDatabase } from '../../runtime/testing/stoppable-database.ts'
import { openStates } from '../lease.ts'
import { brokenPairs } from './broken-pairs.ts'
import { connectCluster, createDeploymentScene, type DeploymentScene, deploymentsOf } from './deployments.ts'
import { type Asked, peopleAtWork } from './outage-load.ts'
import { withCluster } from './with-cluster.ts'

/**
 * Stops and starts Postgres under load, in turn by *fast* shutdown and by a crash of the server, and looks whether what was decided
 * and what the log says are one: `npm run check:outages -- [stops] [workloads]`. People decide at every workload, and two worker
 * processes of the product carry out against the real API server. The server is durable, as in the product.
 */

const stops = Number(process.argv[2] ?? 20)
const workloads = Number(process.argv[3] ?? 8)
const seed = 20_261_122
const settleMs = 240_000
const logDir = process.env.INFRASAGE_CHECK_LOGS

function startWorker(environment: Record<string, string>, index: number): ChildProcess {
  const script = path.join(import.meta.dirname, '../../jobs/worker.ts')
  if (logDir) mkdirSync(logDir, { recursive: true })
  const out = logDir ? openSync(path.join(logDir, `worker-${index}.log`), 'w') : 'ignore'
  return spawn(process.execPath, [script], {
    stdio: ['ignore', out, out, 'ipc'],
    env: { ...process.env, ...environment },
  })
}

async function stopAndStart(database: StoppableDatabase): Promise<void> {
  const random = seededRandom(seed)
  for (let i = 1; i <= stops; i++) {
    await delay(2_000 + random() * 4_000)
    const mode = i % 2 === 1 ? 'fast' : 'immediate'
    await database.stop(mode)
    await delay(random() * 3_000)
    await database.start()
    process.stdout.write(`${new Date().toISOString()} stop ${i} of ${stops} (${mode}), and back\n`)
  }
}

/** Approvals that stand and are not carried out to an end. */
const unsettled = (db: Db): Promise<number> =>
  db.decision.count({
    where: {
      kind: { in: ['approve', 'override'] },
      proposal: { state: 'approved' },
      OR: [{ dispatch: null }, { dispatch: { state: { in: [...openStates] } } }],
    },
  })

async function untilSettled(db: Db, ended: string[]): Promise<number> {
  const deadline = Date.now() + settleMs
  for (;;) {
    const left = await unsettled(db)
    if (left === 0 || ended.length > 0 || Date.now() > deadline) return left
    await delay(1_000)
  }
}

/** What somebody was told that is not so: a yes whose change is not there, or a change that is there more than once. */
async function untrue(db: Db, asked: Asked[]): Promise<{ wrong: string[]; keptUnheard: number }> {
  const wrong: string[] = []
  let keptUnheard = 0
  for (const { verb, subject, userId, answer, id, message } of asked) {
    if (answer === 'unclear') wrong.push(`${verb} was answered unclearly: ${message.slice(0, 400)}`)
    if (verb === 'policy') {
      const version = Number(id ?? 0)
      const kept = await db.workloadPolicy.count({ where: { workloadId: subject, version } })
      if (answer === 'ok' && kept !== 1) wrong.push(`policy ${version} was said to be kept`)
      continue
    }
    const kinds = verb === 'approve' ? (['approve', 'override'] as const) : ([verb] as const)
    const where = { proposalId: subject, userId, kind: { in: [...kinds] } }
    const kept = await db.decision.count({ where })
    if (answer === 'ok' && kept < 1) wrong.push(`${verb} of ${subject} was said to be kept`)
    if (answer === 'away' && kept > 0) keptUnheard++
  }
  return { wrong, keptUnheard }
}

/** Targets that were written more or less often than actions of decisions stand, or stand elsewhere than the last of them says. */
async function wrongTargets(db: Db, scenes: DeploymentScene[], asked: Deployments): Promise<string[]> {
  const wrong: string[] = []
  for (const { targetId, name } of scenes) {
    const applied = await db.dispatchAction.findMany({
      where: { targetId, appliedAt: { not: null } },
      include: { dispatch: { include: { decision: true } } },
      orderBy: { appliedAt: 'asc' },
    })
    const { replicas, bumps } = await asked.asked(name)
    const last = Object(applied.at(-1)?.dispatch.decision.binding).actions?.[0]?.toReplicas ?? 6
    if (bumps !== applied.length)
      wrong.push(`${name}: ${bumps} generation bumps for ${applied.length} decisions`)
    if (replicas !== last) wrong.push(`${name}: at ${replicas}, and the last decision asks for ${last}`)
  }
  return wrong
}

type Deployments = Awaited<ReturnType<typeof deploymentsOf>>

async function check(database: StoppableDatabase, adminKubeconfig: string): Promise<void> {
  const host = await openHost('check', { supervise: false, source: database.environment })
  host.log.level = 'silent'
  const { db } = host
  const deployments = await deploymentsOf(adminKubeconfig)
  const connectionId = await connectCluster(db, adminKubeconfig)
  const queue = { sent: [], send: host.queue.send }
  const scenes: DeploymentScene[] = []
  while (scenes.length < workloads)
    scenes.push(await createDeploymentScene(db, deployments, connectionId, new Date(), queue))
  const stopController = deployments.runController(500)
  const ended: string[] = []
  const workers = [1, 2].map((index) => startWorker(database.environment, index))
  for (const worker of workers) worker.on('exit', (code, signal) => ended.push(String(signal ?? code)))
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  let over = false
  const asked: Asked[] = []
  try {
    const people = scenes.map((scene, index) =>
      peopleAtWork(scene, seededRandom(seed + 1 + index), asked, () => over),
    )
    await stopAndStart(database)
    await delay(3_000)
    over = true
    await Promise.all(people)
    const left = await untilSettled(db, ended)
    const survived = ended.length === 0
    const { wrong, keptUnheard } = await untrue(db, asked)
    const targets = await wrongTargets(db, scenes, deployments)
    const pairs = await brokenPairs(db)
    const publicKeys = [createPublicKey(readAuditKey(host.env.INFRASAGE_AUDIT_KEY_FILE))]
    const report = await verifyLog({ ctx: testContext({ db }), input: { publicKeys, checkpointFile: null } })
    const of = (answer: Asked['answer']) => asked.filter((one) => one.answer === answer).length
    const states = await db.dispatch.groupBy({ by: ['state'], _count: true })
    process.stdout.write(
      `Postgres was stopped and started ${stops} times. People asked ${asked.length} times: ${of('ok')} yes, ${of('refused')} ` +
        `refused, ${of('away')} told that the database is away (${keptUnheard} of those were kept), ${of('unclear')} unclear.\n` +
        `${await db.decision.count()} decisions, dispatches: ${states.map(({ state, _count }) => `${_count} ${state}`).join(', ')}; ` +
        `${await db.auditEntry.count()} entries. Lost (not settled): ${left}. Pairs that are broken: ${pairs.length}. Untrue answers: ` +
        `${wrong.length}. Targets that are wrong: ${targets.length}. Processes that ended: ${ended.length}. ` +
        `The chain ${report.ok ? `verifies, with ${report.checkpoints} checkpoints` : 'IS BROKEN'}.\n${[...pairs, ...wrong, ...targets].slice(0, 30).join('\n')}\n`,
    )
    for (const [why, times] of refusals(asked)) process.stdout.write(`refused ${times} times: ${why}\n`)
    const found = left + pairs.length + wrong.length + targets.length
    process.exitCode = found === 0 && survived && report.ok ? 0 : 1
  } finally {
    over = true
    await Promise.all(workers.map(endOf))
    await stopController()
    await host.queue.close()
    await db.$disconnect()
  }
}

/** What was refused most, without its numbers. */
function refusals(asked: Asked[]): [string, number][] {
  const times = new Map<string, number>()
  for (const { verb, answer, message } of asked) {
    const why = `${verb}: ${message.replaceAll(/[0-9a-f-]{36}|\d+/g, '…').slice(0, 160)}`
    if (answer === 'refused') times.set(why, (times.get(why) ?? 0) + 1)
  }
  return [...times].toSorted(([, a], [, b]) => b - a).slice(0, 6)
}

async function endOf(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return
  const gone = new Promise((resolve) => worker.once('exit', resolve))
  worker.kill('SIGTERM')
  await gone
}

await withCluster(({ adminKubeconfig }) =>
  withStoppableDatabase((database) => check(database, adminKubeconfig)),
)
