import pg from 'pg'
import { applicationConnection, Prisma, type Tx } from './db.ts'
import type { Logger } from './log.ts'

/** What changed, so that open screens fetch it again. Carries no data: readers ask with their own rights. */
export type Change = {
  topic:
    | 'telemetry'
    | 'forecast'
    | 'event'
    | 'forecaster'
    | 'baseModel'
    | 'proposal'
    | 'decision'
    | 'dispatch'
    | 'ledger'
    | 'policy'
    | 'target'
    | 'people'
    | 'notifier'
    | 'audit'
  /** Id of the workload, proposal, … that changed, when there is one. */
  id?: string
}

const channel = 'infrasage_change'

/** Announced when the transaction commits, and only then; equal announcements of one transaction are sent once. */
export async function announce(tx: Tx, change: Change): Promise<void> {
  await tx.$executeRaw`SELECT ${announcing(change)}`
}

/** The call that announces, for a statement that does something else as well. */
export function announcing(change: Change): Prisma.Sql {
  return Prisma.sql`pg_notify(${channel}, ${JSON.stringify(change)})`
}

/** Listens on a connection of its own, reconnecting when it is lost, until `close` is called. */
export function listen(
  databaseUrl: string,
  log: Logger,
  onChange: (change: Change) => void,
): { close(): Promise<void> } {
  let closed = false
  let client: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined

  const connect = async () => {
    const next = new pg.Client(applicationConnection(databaseUrl))
    client = next
    next.on('notification', (message) => onChange(JSON.parse(message.payload ?? '{}')))
    next.on('error', (error) => log.warn({ error: error.message }, 'change listener lost its connection'))
    next.on('end', () => {
      if (!closed) retry = setTimeout(() => void connect(), 1_000)
    })
    try {
      await next.connect()
      await next.query(`LISTEN ${channel}`)
    } catch (error) {
      log.warn({ error: String(error) }, 'change listener cannot connect; trying again')
      await next.end().catch(() => undefined)
    }
  }
  void connect()

  return {
    close: async () => {
      closed = true
      clearTimeout(retry)
      await client?.end()
    },
  }
}
