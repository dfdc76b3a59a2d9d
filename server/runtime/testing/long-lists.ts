import { dropSearchIndices, fillLog, madeUpLog, makeSearchIndices } from '../../audit/testing/fill-log.ts'
import { fillProposals, fillWorkloads } from '../../governance/testing/fill-inbox.ts'
import { createDb } from '../../kernel/db.ts'
import { startEmbeddedPostgres } from '../embedded-postgres.ts'
import { applyMigrations } from '../migrator.ts'
import type { TestProduct } from './product.ts'

/** Makes the database of a data folder, with a log of that many entries from before the first start. */
export async function fillDataDir(dataDir: string, entries: number): Promise<void> {
  const server = await startEmbeddedPostgres({ dataDir, durable: false })
  try {
    await applyMigrations(server.ownerUrl, { appUrl: server.appUrl })
    await dropSearchIndices(server.ownerUrl)
    await fillLog(server.ownerUrl, madeUpLog(entries, 1))
    await makeSearchIndices(server.ownerUrl)
  } finally {
    await server.stop()
  }
}

/** Copies a proposal that the product made by itself, for a hundred workloads. False if none waits now. */
export async function fillInbox({ appUrl }: TestProduct, proposals: number): Promise<boolean> {
  const db = createDb(appUrl)
  try {
    const model = await db.proposal.findFirst({ where: { state: 'waiting' }, select: { id: true } })
    if (model === null) return false
    await fillWorkloads(db, 100)
    await fillProposals(db, model.id, proposals, 'waiting')
    return true
  } finally {
    await db.$disconnect()
  }
}
