import { userInfo } from 'node:os'
import type { Context } from '../kernel/context.ts'
import { readSandboxAccess, withInstallationContext } from '../runtime/index.ts'

/** In a container the number of who runs it may have no name. */
function whoRuns(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}

/** Lets a command act on the installation that the environment names. `auditKeyFile`: the key of audit checkpoints. */
export type Enter = <T>(work: (ctx: Context, auditKeyFile: string) => Promise<T>) => Promise<T>

/** As the system, named after who runs the command: whoever may read the data folder may do this. */
export const enter: Enter = (work) =>
  withInstallationContext(`command line (${whoRuns()})`, process.env, (ctx, { environment, dataDir }) => {
    // What is sealed, such as a connection's settings, is opened under the installation's own keys.
    process.env.INFRASAGE_ENCRYPTION_KEY = environment.INFRASAGE_ENCRYPTION_KEY
    process.env.INFRASAGE_OLD_ENCRYPTION_KEYS = environment.INFRASAGE_OLD_ENCRYPTION_KEYS
    const sandboxUrl = readSandboxAccess(dataDir)?.url
    if (sandboxUrl) process.env.INFRASAGE_SANDBOX_URL ??= sandboxUrl
    return work(ctx, environment.INFRASAGE_AUDIT_KEY_FILE ?? '')
  })
