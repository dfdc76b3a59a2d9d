import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase, testStart } from '../../runtime/testing/index.ts'
import type { SignalName } from '../contract.ts'
import { createTestWorkload } from '../testing/set-up.ts'
import { watchHarm } from './watch.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const stepMs = 60_000
const calm = { submitted: 50, failed: 2, distinct: 0.9, queued: 5 }
const loop = { submitted: 75, failed: 27, distinct: 0.5, queued: 5 }

test('forged failures and signatures hold capacity back only until work waits that would end well', async () => {
  const { ctx, workload } = await createTestWorkload(database.db, { demandSignal: 'jobs_per_second' })
  const first = testStart.getTime() - 200 * stepMs
  let index = 0
  const measure = async (count: number, step: typeof calm) => {
    const { submitted, failed, distinct, queued } = step
    const values: [SignalName, number][] = [
      ['jobs_per_second', submitted],
      ['jobs_failed_per_second', failed],
      ['distinct_signature_ratio', distinct],
      ['queue_depth', queued],
    ]
    for (const end = index + count; index < end; index++) {
      const at = new Date(first + index * stepMs)
      const one = { workloadId: workload.id, at, samples: 1, updatedAt: at }
      await database.db.rollup.createMany({
        data: values.map(([signal, value]) => ({ ...one, signal, value })),
      })
    }
  }
  const watch = () =>
    ctx.db.$transaction(async (tx) => {
      const watched = await watchHarm(ctx, tx, workload, new Date(first + index * stepMs))
      await watched.record()
      return watched
    })

  await measure(100, calm)
  expect((await watch()).open).toBeNull()
  await measure(6, loop)
  expect((await watch()).open).toMatchObject({ until: null })
  await measure(2, { ...loop, queued: 5_000 })
  expect((await watch()).open).not.toBeNull()
  await measure(3, { ...loop, queued: 9_000 })
  const { open, unbelieved } = await watch()
  expect(open).toBeNull()
  expect(unbelieved).toEqual([
    { since: new Date(first + 100 * stepMs), until: new Date(first + 107 * stepMs) },
  ])
  // The same steps are not taken for a loop again.
  expect((await watch()).open).toBeNull()
  const ended = await database.db.auditEntry.findMany({ where: { action: 'harm.ended' } })
  expect(ended.map(({ canonical }) => canonical).join()).toContain('work waits while as much')
})
