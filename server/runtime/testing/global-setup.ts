import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { createLogger } from '../../kernel/log.ts'
import { openQueue } from '../../kernel/queue.ts'
import { startEmbeddedPostgres } from '../embedded-postgres.ts'
import { applyMigrations } from '../migrator.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Addresses of the run's one server; its database `infrasage` is migrated and serves as the template. */
    testServer: { superuserUrl: string; ownerUrl: string; appUrl: string }
  }
}

/** One server for the whole run, migrated once; each test file then copies its own database from it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'infrasage-test-'))
  const server = await startEmbeddedPostgres({ dataDir, durable: false })
  const teardown = async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    const { superuserUrl, ownerUrl, appUrl } = server
    await applyMigrations(ownerUrl, { appUrl })
    // The job queue's tables go into the template too, so that a test that opens the queue need not wait for them.
    const queue = await openQueue(appUrl, createLogger('test-setup'), false)
    await queue.close()
    project.provide('testServer', { superuserUrl, ownerUrl, appUrl })
    return teardown
  } catch (error) {
    await teardown()
    throw error
  }
}
