import { createDb } from '../../kernel/db.ts'
import { rememberingQueue, testContext } from '../../runtime/testing/context.ts'
import { runDispatch } from '../executor.ts'

/** Deliveries for one process to make at a moment, in order, as many at once as it has lanes. */
export type Deliveries = { decisionIds: string[]; nowMs: number }

/** A process that delivers decisions as it is told: `fork` it with the address of the database and a number of lanes. */
const [databaseUrl = '', lanes = '1'] = process.argv.slice(2)
const db = createDb(databaseUrl, 12)

process.on('message', ({ decisionIds, nowMs }: Deliveries) => {
  const started = performance.now()
  const clock = { now: () => new Date(nowMs + performance.now() - started) }
  const ctx = testContext({ db, clock, queue: rememberingQueue() })
  const lane = async (): Promise<void> => {
    for (let next = decisionIds.pop(); next !== undefined; next = decisionIds.pop())
      await runDispatch({ ctx, input: { decisionId: next } })
  }
  Promise.all(Array.from({ length: Number(lanes) }, lane)).then(
    () => process.send?.(null),
    (error: unknown) => process.send?.(String(error)),
  )
})
process.on('disconnect', () => process.exit(0))
await import('@kubernetes/client-node')
process.send?.('ready')
