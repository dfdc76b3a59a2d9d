import { observeTargets, runDispatch } from '../dispatch/index.ts'
import { exitWithParent, reportReady } from '../kernel/child.ts'
import { systemClock } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { openHost } from '../kernel/host.ts'
import { randomIds } from '../kernel/ids.ts'
import type { JobName, Jobs } from '../kernel/queue.ts'
import { advance } from './advance.ts'
import { housekeeping } from './housekeeping.ts'

/** How often every worker asks for the work that no event starts; of equal requests only one waits. */
const observeEveryMs = 5_000
const housekeepingEveryMs = 5_000

const { db, queue, log, env } = await openHost('worker', { supervise: true })

const handlers: { [N in JobName]: (ctx: Context, data: Jobs[N]) => Promise<unknown> } = {
  advance: (ctx, input) => advance({ ctx, input }),
  dispatch: (ctx, input) => runDispatch({ ctx, input }),
  observe: (ctx) => observeTargets({ ctx }),
  housekeeping: (ctx) => housekeeping(ctx, env.INFRASAGE_AUDIT_KEY_FILE),
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

async function serve<N extends JobName>(name: N): Promise<void> {
  const options = { pollingIntervalSeconds: 1, localConcurrency: name === 'dispatch' ? 2 : 1 }
  await queue.boss.work<Jobs[N]>(name, options, async (jobs) => {
    for (const job of jobs) {
      const started = performance.now()
      try {
        const result = await handlers[name](contextFor(name, job.id), job.data)
        log.debug(
          { job: name, data: job.data, result, ms: Math.round(performance.now() - started) },
          'job done',
        )
      } catch (error) {
        log.error({ job: name, data: job.data, error }, 'job failed and will be tried again')
        throw error
      }
    }
  })
}

function every(ms: number, name: 'observe' | 'housekeeping'): NodeJS.Timeout {
  return setInterval(() => {
    db.$transaction((tx) => queue.send(tx, name, {}, { key: name })).catch((error: unknown) =>
      log.warn({ job: name, error: String(error) }, 'could not ask for periodic work'),
    )
  }, ms)
}

await Promise.all((Object.keys(handlers) as JobName[]).map((name) => serve(name)))
const timers = [every(observeEveryMs, 'observe'), every(housekeepingEveryMs, 'housekeeping')]
exitWithParent(async () => {
  for (const timer of timers) clearInterval(timer)
  await queue.close()
  await db.$disconnect()
})
reportReady()
