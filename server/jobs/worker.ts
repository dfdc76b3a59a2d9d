import { checkpoint, sendDue } from '../audit/index.ts'
import { observeTargets, rehearseWaiting, runDispatch } from '../dispatch/index.ts'
import { updateLedger } from '../evaluation/index.ts'
import { EngineCache } from '../forecast/index.ts'
import { judgeWaiting, refitWhenDue } from '../governance/index.ts'
import { exitWithParent, failStart, reportReady } from '../kernel/child.ts'
import { systemClock } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { publicUrl } from '../kernel/env.ts'
import { beat } from '../kernel/heartbeat.ts'
import { randomIds } from '../kernel/ids.ts'
import { privateHosts } from '../kernel/outbound.ts'
import { askOptions, type JobName, type Jobs } from '../kernel/queue.ts'
import { tell } from '../notify/index.ts'
import { advance } from './advance.ts'
import { housekeeping } from './housekeeping.ts'
import { openWorker } from './open-worker.ts'

/** How often every worker asks for the work that no event starts; that is done so often, however many workers ask. */
const observeEveryMs = 5_000
const rehearseEveryMs = 5_000
const housekeepingEveryMs = 5_000
const sealEveryMs = 5_000
const witnessEveryMs = 10_000
const refitEveryMs = 3_600_000
const ledgerEveryMs = 60_000
const notifyEveryMs = 2_000

/** What is left, of the time to end in, for giving jobs back and closing connections. */
const leaveTakingMs = 1_000
const judgeEveryMs = 10_000

const { db, queue, log, env } = await openWorker().catch(failStart)

/** Shared by the lanes below: whoever takes an engine out has it alone. */
const engines = new EngineCache(env.INFRASAGE_ENGINE_CACHE_MIB * 1_048_576)

const handlers: { [N in JobName]: (ctx: Context, data: Jobs[N]) => Promise<unknown> } = {
  advance: (ctx, input) => advance({ ctx, input }, engines),
  dispatch: (ctx, input) => runDispatch({ ctx, input }),
  observe: (ctx) => observeTargets({ ctx }),
  rehearse: (ctx) => rehearseWaiting({ ctx }),
  housekeeping: (ctx) => housekeeping(ctx),
  seal,
  witness: (ctx) => sendDue({ ctx, input: { keyFile: env.INFRASAGE_AUDIT_KEY_FILE } }),
  refit: (ctx) => refitWhenDue({ ctx }),
  ledger: (ctx) => updateLedger({ ctx }),
  judge: (ctx) => judgeWaiting({ ctx }),
  notify: (ctx) => tell({ ctx, input: { baseUrl: publicUrl(env), privateHosts: privateHosts() } }),
}

/** What was done to the log while no worker ran is found by the first check of each, which is of all of it. */
let verifiedWhole = false
async function seal(ctx: Context): Promise<unknown> {
  const keyFile = env.INFRASAGE_AUDIT_KEY_FILE
  const report = await checkpoint({ ctx, input: { keyFile, whole: !verifiedWhole } })
  verifiedWhole = true
  return report
}

function contextFor(name: JobName, jobId: string): Context {
  return {
    db,
    queue,
    log,
    clock: systemClock,
    ids: randomIds,
    actor: { kind: 'system', component: name },
    requestId: jobId,
  }
}

/** Serves a queue one job at a time. A wake-up stands for any number of jobs, so after each the next is looked for at once. */
async function serve<N extends JobName>(name: N): Promise<void> {
  let workerId: string | null = null
  workerId = await queue.boss.work<Jobs[N]>(name, askOptions(name), async (jobs) => {
    try {
      for (const job of jobs) await run(name, job)
    } finally {
      if (workerId !== null) queue.boss.notifyWorker(workerId)
    }
  })
}

async function run<N extends JobName>(name: N, job: { id: string; data: Jobs[N] }): Promise<void> {
  const started = performance.now()
  try {
    const result = await handlers[name](contextFor(name, job.id), job.data)
    const ms = Math.round(performance.now() - started)
    log.debug({ job: name, data: job.data, result, ms }, 'job done')
  } catch (error) {
    log.error({ job: name, data: job.data, error }, 'job failed and will be tried again')
    throw error
  }
}

function every(
  ms: number,
  name:
    | 'observe'
    | 'rehearse'
    | 'housekeeping'
    | 'seal'
    | 'witness'
    | 'refit'
    | 'ledger'
    | 'notify'
    | 'judge',
): NodeJS.Timeout {
  return setInterval(() => {
    db.$transaction((tx) => queue.send(tx, name, {}, { key: name, everySeconds: ms / 1_000 })).catch(
      (error: unknown) => log.warn({ job: name, error: String(error) }, 'could not ask for periodic work'),
    )
  }, ms)
}

/** Two of these at a time: one that waits for its target, or for a team's own forecaster, does not hold up another. */
const served = [...(Object.keys(handlers) as JobName[]), 'dispatch' as const, 'advance' as const]
await Promise.all(served.map((name) => serve(name)))
const timers = [
  every(observeEveryMs, 'observe'),
  every(rehearseEveryMs, 'rehearse'),
  every(housekeepingEveryMs, 'housekeeping'),
  every(sealEveryMs, 'seal'),
  every(witnessEveryMs, 'witness'),
  every(refitEveryMs, 'refit'),
  every(ledgerEveryMs, 'ledger'),
  every(notifyEveryMs, 'notify'),
  every(judgeEveryMs, 'judge'),
]
if (env.INFRASAGE_HEARTBEAT_FILE) timers.push(beat(env.INFRASAGE_HEARTBEAT_FILE))
exitWithParent(async (withinMs) => {
  for (const timer of timers) clearInterval(timer)
  await queue.close(withinMs - leaveTakingMs)
  await db.$disconnect()
})
reportReady()
