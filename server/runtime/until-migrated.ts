import { setTimeout as delay } from 'node:timers/promises'
import { databaseProblem } from '../kernel/database-problem.ts'
import { schemaGap } from '../kernel/migrations.ts'

type Patience = { everyMs?: number; atMostMs?: number }

/**
 * Waits until the database can be reached and has every migration of this version; it may have more. `say`: what is missing, each
 * time that it is something else.
 * @throws Error that says what is missing still
 */
export async function untilMigrated(
  url: string,
  say: (text: string) => void,
  { everyMs = 2_000, atMostMs = 600_000 }: Patience = {},
): Promise<void> {
  const deadline = performance.now() + atMostMs
  let said = ''
  for (;;) {
    const missing = await missingNow(url)
    if (missing === null) return
    if (missing !== said) say(missing)
    said = missing
    if (performance.now() + everyMs > deadline) throw new Error(`Given up. ${missing}`)
    await delay(everyMs)
  }
}

async function missingNow(url: string): Promise<string | null> {
  try {
    const { missing } = await schemaGap(url)
    return missing.length === 0 ? null : `Waiting for the migrations ${missing.join(', ')}.`
  } catch (error) {
    return `Waiting. ${databaseProblem(url, error).message}`
  }
}
