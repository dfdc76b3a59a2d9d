import { fromPrisma, PgBoss, type Queue as QueueSettings, type WorkOptions } from 'pg-boss'
import { applicationConnection, type Tx } from './db.ts'
import type { Logger } from './log.ts'
import { workerConnectionName } from './worker-liveness.ts'

/** Every background job and what it carries: ids only, so that a job can never act on stale content. */
export type Jobs = {
  /** Learn the steps that closed, forecast, plan, publish. */
  advance: { workloadId: string }
  /** Carry out one approved decision, or go on where a worker died. */
  dispatch: { decisionId: string }
  /** Read every target; void nothing, only record. */
  observe: Record<string, never>
  /** Ask the targets of what waits for a decision whether they would take it. */
  rehearse: Record<string, never>
  /** Expire proposals, find dispatches that nobody carries, make partitions. */
  housekeeping: Record<string, never>
  /** Verify the log and sign a checkpoint; a whole verification may take a minute. */
  seal: Record<string, never>
  /** Send checkpoints to the witnesses that are due. */
  witness: Record<string, never>
  /** Refit the base of the neural expert if it is time. */
  refit: Record<string, never>
  /** Bring the counterfactual ledger up to what was measured. */
  ledger: Record<string, never>
  /** Tell people of what is new in the log, by the channels that ask for it. */
  notify: Record<string, never>
  /** Ask the policy engine about what waits and was not asked about. */
  judge: Record<string, never>
}
export type JobName = keyof Jobs

/** `stately` with a key: at most one waiting and one running per key. Heartbeats find a dead worker within seconds. */
export const queueSettings: Record<JobName, Omit<QueueSettings, 'name'>> = {
  advance: {
    policy: 'stately',
    retryLimit: 2,
    expireInSeconds: 120,
    heartbeatSeconds: 20,
    deleteAfterSeconds: 3_600,
    notify: true,
  },
  dispatch: {
    policy: 'standard',
    retryLimit: 50,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 60,
    expireInSeconds: 300,
    heartbeatSeconds: 10,
    deleteAfterSeconds: 86_400,
    notify: true,
  },
  observe: { policy: 'stately', retryLimit: 0, expireInSeconds: 60, deleteAfterSeconds: 600 },
  rehearse: { policy: 'stately', retryLimit: 0, expireInSeconds: 120, deleteAfterSeconds: 600 },
  housekeeping: { policy: 'stately', retryLimit: 0, expireInSeconds: 120, deleteAfterSeconds: 600 },
  seal: {
    policy: 'stately',
    retryLimit: 0,
    expireInSeconds: 900,
    heartbeatSeconds: 20,
    deleteAfterSeconds: 600,
  },
  witness: { policy: 'stately', retryLimit: 0, expireInSeconds: 120, deleteAfterSeconds: 600 },
  refit: { policy: 'stately', retryLimit: 0, expireInSeconds: 600, deleteAfterSeconds: 600 },
  ledger: { policy: 'stately', retryLimit: 0, expireInSeconds: 300, deleteAfterSeconds: 600 },
  notify: { policy: 'stately', retryLimit: 0, expireInSeconds: 120, deleteAfterSeconds: 600 },
  judge: {
    policy: 'stately',
    retryLimit: 0,
    expireInSeconds: 600,
    deleteAfterSeconds: 600,
    notify: true,
  },
}

/**
 * How a worker asks a queue for jobs. Of one key only one is at work, and pg-boss, which takes the oldest, gives nothing while that
 * is one that waits for another of its key; told of groups it passes over it, so that nobody behind waits too.
 */
export const askOptions = (name: JobName): WorkOptions => ({
  ...{ pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 2 },
  ...(name === 'advance' ? { groupConcurrency: 1 } : {}),
})

/** The door to background work: a job sent in a transaction exists only if the transaction commits. */
export type Queue = {
  /** `key`: of the jobs with one key, only one waits. `everySeconds`: and only one is made in each span of that length. */
  send<N extends JobName>(
    tx: Tx,
    name: N,
    data: Jobs[N],
    options?: { key?: string; startAfterSeconds?: number; everySeconds?: number },
  ): Promise<void>
}

export type QueueHost = Queue & {
  boss: PgBoss
  /** Takes no more jobs and waits for those at work; what is not done by then is given back to be done elsewhere. */
  close(withinMs?: number): Promise<void>
}

/**
 * Connects to pg-boss in the schema `pgboss`, which the application's role owns, and declares every queue.
 * `supervise`: whether this process also finds dead jobs and cleans up (workers do; the web server only sends).
 */
export async function openQueue(databaseUrl: string, log: Logger, supervise: boolean): Promise<QueueHost> {
  const boss = new PgBoss({
    ...applicationConnection(databaseUrl),
    application_name: supervise ? workerConnectionName : 'infrasage-web',
    schema: 'pgboss',
    createSchema: false,
    max: supervise ? 6 : 2,
    supervise,
    superviseIntervalSeconds: 5,
    // Otherwise each queue is looked through once a minute, whatever its heartbeats say.
    monitorIntervalSeconds: 5,
    schedule: false,
    useListenNotify: supervise,
  })
  boss.on('error', (error) => log.error({ error: error.message }, 'job queue'))
  await boss.start()
  for (const [name, { policy, ...settings }] of Object.entries(queueSettings)) {
    await boss.createQueue(name, { policy, ...settings })
    // Where the queue was made by an earlier version it keeps that one's settings otherwise.
    if (supervise) await boss.updateQueue(name, settings)
  }
  return {
    boss,
    send: async (tx, name, data, options = {}) => {
      await boss.send(name, data, {
        db: fromPrisma(tx),
        singletonKey: options.key,
        group: options.key === undefined ? undefined : { id: options.key },
        startAfter: options.startAfterSeconds,
        singletonSeconds: options.everySeconds,
      })
    },
    close: (withinMs = 3_000) => boss.stop({ graceful: true, timeout: withinMs }),
  }
}
