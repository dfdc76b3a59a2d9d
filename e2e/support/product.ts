import { execFile } from 'node:child_process'
import path from 'node:path'
import { z } from 'zod'
import type { Role } from '../../server/kernel/roles.ts'

const sharedProduct = z.object({
  address: z.string(),
  dataDir: z.string(),
  signIns: z.array(z.object({ email: z.string(), role: z.string(), password: z.string() })),
})
export type SharedProduct = z.infer<typeof sharedProduct>

const variable = 'INFRASAGE_E2E_PRODUCT'

/** Tells the test processes, which start later, about the one product of all files. */
export function shareProduct({ address, dataDir, signIns }: SharedProduct): void {
  process.env[variable] = JSON.stringify({ address, dataDir, signIns } satisfies SharedProduct)
}

/** The one product of all files. @throws when the global set-up did not run */
export function product(): SharedProduct {
  const shared = process.env[variable]
  if (!shared) throw new Error('The product of the browser tests does not run: start them with Playwright.')
  return sharedProduct.parse(JSON.parse(shared))
}

/** Where the session of a role is kept after its one sign-in. */
export function sessionFile(dataDir: string, role: Role): string {
  return path.join(dataDir, `session-${role}.json`)
}

export type CommandResult = { exitCode: number; printed: string }

const command = path.resolve(import.meta.dirname, '../../server/cli/main.ts')

/** Runs the real `infrasage` command as a process of its own on a data folder. */
export function infrasage(dataDir: string, ...args: string[]): Promise<CommandResult> {
  const { DATABASE_URL: _, DATABASE_OWNER_URL: __, ...inherited } = process.env
  const env = { ...inherited, INFRASAGE_DATA_DIR: dataDir }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [command, ...args], { env }, (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? 1, printed: `${stdout}${stderr}` })
    })
  })
}
