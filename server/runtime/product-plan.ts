import type { ProcessSpec } from './supervised-process.ts'

/** The database as the product uses it: `appUrl` for everything, `ownerUrl` for migrations alone. */
export type Addresses = { appUrl: string; ownerUrl: string }

/** A product: what to prepare once the database is there, and the processes, in the order in which they start. */
export type Product = {
  dataDir: string
  address: string
  /** Where processes print: log files of the data folder, or our own output. */
  logs: 'files' | 'inherit'
  durable?: boolean
  given: NodeJS.ProcessEnv
  /** Runs before anything is started, beside the database. */
  build(signal: AbortSignal, onBegin: () => void): Promise<void>
  /** Runs on the migrated database; returns the environment of all processes but for the address of the database. */
  prepare(addresses: Addresses): Promise<Record<string, string>>
  processes: ProcessSpec[]
}
