import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Db } from '../../kernel/db.ts'
import { createTestDatabase, type TestDatabase } from '../../runtime/testing/index.ts'
import { type SandboxStandIn, startSandboxStandIn } from './sandbox-stand-in.ts'

/**
 * For a test file: a database of its own, and for each test a fresh stand-in with a scene in it, which `take` is given before
 * the test and before hooks that come after this call.
 */
export function eachInStandIn<S>(
  createScene: (db: Db, standIn: SandboxStandIn) => Promise<S>,
  take: (made: { database: TestDatabase; standIn: SandboxStandIn; scene: S }) => void,
): void {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.dispose())
  beforeEach(async () => {
    const standIn = await startSandboxStandIn()
    take({ database, standIn, scene: await createScene(database.db, standIn) })
    return () => standIn.close()
  })
}
