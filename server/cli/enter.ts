import { userInfo } from 'node:os'
import type { Context } from '../kernel/context.ts'
import { withInstallationContext } from '../runtime/index.ts'

/** Lets a command act on the installation that the environment names. `auditKeyFile`: the key of audit checkpoints. */
export type Enter = <T>(work: (ctx: Context, auditKeyFile: string) => Promise<T>) => Promise<T>

/** As the system, named after who runs the command: whoever may read the data folder may do this. */
export const enter: Enter = (work) =>
  withInstallationContext(`command line (${userInfo().username})`, process.env, (ctx, { environment }) => {
    // What is sealed, such as a connection's settings, is opened under the installation's own key.
    process.env.INFRASAGE_ENCRYPTION_KEY ??= environment.INFRASAGE_ENCRYPTION_KEY
    return work(ctx, environment.INFRASAGE_AUDIT_KEY_FILE ?? '')
  })
