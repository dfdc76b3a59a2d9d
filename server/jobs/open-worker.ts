import { readAuditKey } from '../audit/index.ts'
import { readEnv } from '../kernel/env.ts'
import { type Host, openHost } from '../kernel/host.ts'
import { requireMigrated } from '../kernel/migrations.ts'

/**
 * What a worker holds open, once all is there that its jobs need: a job that fails each time would tell only the log.
 * `source`: the variables, if not those of the process.
 * @throws Error that names what is missing or wrong and what would be right; nothing is left open then.
 */
export async function openWorker(source?: Record<string, string | undefined>): Promise<Host> {
  const env = readEnv(source)
  requireAuditKey(env.INFRASAGE_AUDIT_KEY_FILE)
  const newer = await requireMigrated(env.DATABASE_URL)
  const host = await openHost('worker', { supervise: true, source })
  if (newer.length > 0)
    host.log.warn({ newer }, 'the database is of a newer version, on which this one works')
  return host
}

function requireAuditKey(file: string): void {
  try {
    readAuditKey(file)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(
      `INFRASAGE_AUDIT_KEY_FILE names no key that could sign the log. ${why}. All processes need the same one; the first is made by \`openssl genpkey -algorithm ed25519\`.`,
    )
  }
}
