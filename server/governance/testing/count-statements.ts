import pg from 'pg'
import { vi } from 'vitest'

/** How many statements are sent to the database while `work` runs, the two ends of a transaction among them. Of this process, alone. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const sent = vi.spyOn(pg.Client.prototype, 'query')
  try {
    await work()
    return sent.mock.calls.length
  } finally {
    sent.mockRestore()
  }
}
