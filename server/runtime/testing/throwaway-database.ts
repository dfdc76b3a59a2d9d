import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startEmbeddedPostgres } from '../embedded-postgres.ts'
import { applyMigrations } from '../migrator.ts'

/**
 * Runs `work` on a migrated database of an embedded server that lives only so long; for benchmarks, outside vitest.
 * Durable as in the product, unless told otherwise.
 */
export async function withThrowawayDatabase<T>(
  work: (appUrl: string, urls: { ownerUrl: string; superuserUrl: string }) => Promise<T>,
  durable = true,
): Promise<T> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'infrasage-bench-'))
  try {
    const server = await startEmbeddedPostgres({ dataDir, durable })
    try {
      await applyMigrations(server.ownerUrl, { appUrl: server.appUrl })
      return await work(server.appUrl, server)
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}
