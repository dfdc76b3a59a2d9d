import { type ChildProcess, fork } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { SandboxStandIn, SandboxTarget } from '../../dispatch/testing/sandbox-stand-in.ts'
import { createDispatchScene } from '../../dispatch/testing/scene.ts'
import { defaultHoldSeconds } from '../../governance/contract.ts'
import type { Db } from '../../kernel/db.ts'
import { createLogger } from '../../kernel/log.ts'
import { openQueue, type QueueHost } from '../../kernel/queue.ts'
import { testContext } from '../../runtime/testing/context.ts'
import { createMapping, write } from '../../telemetry/index.ts'

/** Times that each job is asked for, as a queue that delivers at least once, and an intake in a hurry, would. */
const askedFor = 3
const historyMinutes = 45
const shutdownSeconds = 10

/** A decision that stands to be carried out, and what it is to reach. */
export type Order = { decisionId: string; workloadId: string; target: SandboxTarget }

/** A job that a worker says it has done. */
export type Done = { job: string; data: { decisionId?: string; workloadId?: string }; result: unknown }

export type WorkerProcess = {
  child: ChildProcess
  done: Done[]
  failed: string[]
  ended: Promise<number | null>
}

/** Starts the product's own workers on a database, each a process of its own, and reads from their logs what each of them did. */
export function workersOn(databaseUrl: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'infrasage-workers-'))
  const keyFile = path.join(folder, 'audit-key.pem')
  const { privateKey } = generateKeyPairSync('ed25519')
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  const workers: WorkerProcess[] = []
  return {
    workers,
    start: async (): Promise<WorkerProcess> => {
      const child = fork(path.join(import.meta.dirname, '../worker.ts'), {
        ...{ stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] },
        env: {
          ...process.env,
          ...{ DATABASE_URL: databaseUrl, NEXTAUTH_SECRET: 'n'.repeat(32), LOG_LEVEL: 'debug' },
          ...{ INFRASAGE_AUDIT_KEY_FILE: keyFile, INFRASAGE_SHUTDOWN_SECONDS: String(shutdownSeconds) },
          NODE_COMPILE_CACHE: path.join(folder, 'cache'),
        },
      })
      const worker: WorkerProcess = {
        ...{ child, done: [], failed: [] },
        ended: once(child, 'exit').then(([code]) => code),
      }
      workers.push(worker)
      if (child.stderr) createInterface(child.stderr).on('line', (line) => note(worker, line))
      await once(child, 'message')
      return worker
    },
    close: async () => {
      for (const { child } of workers) child.kill('SIGKILL')
      await Promise.all(workers.map(({ ended }) => ended))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function note(worker: WorkerProcess, line: string): void {
  if (!line.startsWith('{')) worker.failed.push(line)
  else {
    const said = JSON.parse(line)
    if (said.msg === 'job done') worker.done.push(said)
    else if (said.level >= 40) worker.failed.push(line)
  }
}

/** Workloads of now, each with a decision to carry out and with demand to learn from; nobody was asked to do any of it yet. */
export async function makeOrders(db: Db, standIn: SandboxStandIn, count: number): Promise<Order[]> {
  const start = new Date(Date.now() - defaultHoldSeconds * 1_000)
  await createMapping({
    ctx: testContext({ db }),
    input: {
      ...{ priority: 1, metric: 'rps', matchLabels: {}, workloadLabel: 'workload', workloadName: null },
      ...{ signal: 'requests_per_second', kind: 'gauge', scale: 1 },
    },
  })
  const orders: Order[] = []
  for (let i = 0; i < count; i++) {
    const { workloadId, name, target, approve, system } = await createDispatchScene(db, standIn, start)
    const samples = Array.from({ length: historyMinutes }, (_, ago) => ({
      at: start.getTime() - (historyMinutes - ago) * 60_000,
      value: 30 + (ago % 7),
    }))
    const series = [{ metric: 'rps', labels: { workload: name }, samples }]
    await write({ ctx: system, input: { series, source: 'remote_write' } })
    orders.push({ workloadId, target, decisionId: await approve() })
  }
  return orders
}

/** Asks for the dispatch and for a turn of each of them, more often than once. */
export async function askFor(db: Db, queue: QueueHost, orders: Order[]): Promise<void> {
  for (let time = 0; time < askedFor; time++) {
    await db.$transaction(async (tx) => {
      for (const { decisionId, workloadId } of orders) {
        await queue.send(tx, 'dispatch', { decisionId })
        await queue.send(tx, 'advance', { workloadId }, { key: workloadId })
      }
    })
  }
}

export const queueOn = (databaseUrl: string): Promise<QueueHost> =>
  openQueue(databaseUrl, createLogger('test'), false)
