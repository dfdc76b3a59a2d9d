import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase, testContext } from '../runtime/testing/index.ts'
import { transact } from './transact.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

test('of two transactions that wait for each other in statements of our own, the loser is tried again', async () => {
  const ctx = testContext({ db: database.db })
  const { promise: bothHold, resolve } = Promise.withResolvers<void>()
  let holding = 0
  let turns = 0
  const inOrder = (first: number, second: number) =>
    transact(ctx, async (tx) => {
      turns++
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${first}::int)`
      if (++holding === 2) resolve()
      await bothHold
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${second}::int)`
      return second
    })
  expect(await Promise.all([inOrder(1, 2), inOrder(2, 1)])).toEqual([2, 1])
  expect(turns).toBe(3)
})
