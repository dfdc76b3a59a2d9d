import { setTimeout as delay } from 'node:timers/promises'
import type { Context } from '../../kernel/context.ts'
import { createDb } from '../../kernel/db.ts'
import { randomIds } from '../../kernel/ids.ts'
import { createLogger } from '../../kernel/log.ts'
import { runDispatch } from '../executor.ts'
import { openStates } from '../lease.ts'
import { type DispatchSettings, defaultSettings } from '../settings.ts'
import { endOfIds } from './kill-moments.ts'

/**
 * A worker for the kill test: carries out whatever is open, three at a time, as jobs would be delivered, until it is
 * killed. Started with `fork`; works from the message on. Time runs from `epochMs` so that all workers agree on it.
 */
export type KillWorkerStart = {
  databaseUrl: string
  epochMs: number
  startedAtMs: number
  /** By which it is told apart as the holder of a dispatch; from 1. */
  number: number
  /** How long its leases last; shorter than in the product, so that others go on soon. */
  leaseSeconds?: number
}

const lanes = 3

process.on('message', (message: KillWorkerStart) => {
  work(message).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  })
})
process.on('disconnect', () => process.exit(0))
// Loaded here, so that kills meet the work and not the loading.
if (process.argv[2] === 'kubernetes') await import('@kubernetes/client-node')
process.send?.('ready')

async function work({
  databaseUrl,
  epochMs,
  startedAtMs,
  number,
  leaseSeconds = 0.4,
}: KillWorkerStart): Promise<void> {
  const settings: DispatchSettings = {
    ...{ ...defaultSettings, leaseSeconds, shortestPauseSeconds: 0.02 },
    // So many are killed on purpose that a dispatch might be set aside for a person to look at.
    mostCrashes: 1_000,
  }
  const db = createDb(databaseUrl, lanes + 1)
  const log = createLogger('kill-worker')
  log.level = 'silent'
  const ctx: Context = {
    db,
    log,
    clock: { now: () => new Date(epochMs + Date.now() - startedAtMs) },
    ids: { ...randomIds, uuid: () => randomIds.uuid().slice(0, 24) + endOfIds(number) },
    actor: { kind: 'system', component: 'kill-worker' },
    // The loop below delivers; the real queue has tests of its own.
    queue: { send: async () => undefined },
    requestId: 'kill-test',
  }
  let told = false
  const tellOnce = (): void => {
    if (!told) process.send?.('at work')
    told = true
  }
  const deliver = async (): Promise<void> => {
    for (;;) {
      const open = await db.decision.findMany({
        where: {
          kind: { in: ['approve', 'override'] },
          OR: [{ dispatch: null }, { dispatch: { state: { in: [...openStates] } } }],
        },
        select: { id: true },
        take: 20,
      })
      tellOnce()
      const decision = open[Math.floor(Math.random() * open.length)]
      if (decision === undefined) await delay(20)
      else await runDispatch({ ctx, input: { decisionId: decision.id } }, settings)
    }
  }
  await Promise.all(Array.from({ length: lanes }, deliver))
}
