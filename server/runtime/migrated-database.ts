import { applyMigrations } from './migrator.ts'
import type { Addresses, Product } from './product-plan.ts'
import { superviseDatabase } from './supervised-database.ts'

export type MigratedDatabase = { addresses(): Addresses; stop(): Promise<void> }

export type MigratedDatabaseEvents = {
  onEnded(restartInMs: number): void
  onRestarted(addressesChanged: boolean): void
  onGivenUp(error: unknown): void
}

/** The database of the environment, or the embedded one of the data folder, with every migration applied. */
export async function migratedDatabase(
  product: Pick<Product, 'dataDir' | 'given' | 'durable'>,
  timed: <T>(name: string, work: () => Promise<T>) => Promise<T>,
  events: MigratedDatabaseEvents,
): Promise<MigratedDatabase> {
  const { DATABASE_URL: outside, DATABASE_OWNER_URL: outsideOwner } = product.given
  if (outside) {
    const addresses = { appUrl: outside, ownerUrl: outsideOwner ?? outside }
    await timed('migrations', () => applyMigrations(addresses.ownerUrl, { appUrl: addresses.appUrl }))
    return { addresses: () => addresses, stop: async () => undefined }
  }
  let known = ''
  const database = await timed('database', () =>
    superviseDatabase(product, {
      ...events,
      onRestarted: ({ appUrl }) => {
        events.onRestarted(appUrl !== known)
        known = appUrl
      },
    }),
  )
  known = database.appUrl
  try {
    await timed('migrations', () => applyMigrations(database.ownerUrl, { appUrl: database.appUrl }))
  } catch (error) {
    await database.stop()
    throw error
  }
  return {
    addresses: () => ({ appUrl: database.appUrl, ownerUrl: database.ownerUrl }),
    stop: () => database.stop(),
  }
}
