import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { freePort } from '../ports.ts'
import { clusterUrls, readAccess } from '../postgres-cluster.ts'
import { readRun } from '../run-file.ts'

const startedMessage = z.object({
  type: z.literal('started'),
  address: z.string(),
  signIns: z.array(
    z.object({ email: z.string(), role: z.enum(['operator', 'admin', 'auditor']), password: z.string() }),
  ),
})

export type SignIn = z.infer<typeof startedMessage>['signIns'][number]

/** A whole product: web server, worker, sandbox and its own database, in a data folder and on ports of its own. */
export type TestProduct = {
  /** For instance `http://127.0.0.1:41234`. */
  address: string
  dataDir: string
  /** One person for each role; empty when the data folder had people already. */
  signIns: SignIn[]
  appUrl: string
  ownerUrl: string
  /** Process ids by name (`web`, `worker`, `sandbox`) at this moment. */
  processes(): Record<string, number>
  /** What the start has printed so far. */
  printed(): string
  /** Ends everything. The data folder goes too, unless it was given. */
  stop(): Promise<void>
}

export type TestProductOptions = {
  /** Variables for all processes, e.g. `INFRASAGE_SANDBOX_SCENE`. */
  env?: Record<string, string>
  /** A folder that is kept, to start again in it. */
  dataDir?: string
}

const script = path.resolve(import.meta.dirname, '../start.ts')

/**
 * Starts a product as `npm start` does, and waits until it runs. It also ends when the caller does.
 * @throws with everything that the start printed when it fails
 */
export async function startTestProduct(options: TestProductOptions = {}): Promise<TestProduct> {
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'infrasage-product-'))
  const { DATABASE_URL: _, DATABASE_OWNER_URL: __, NEXTAUTH_URL: ___, ...inherited } = process.env
  const child = spawn(process.execPath, [script], {
    env: { ...inherited, ...options.env, PORT: String(await freePort()), INFRASAGE_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk) => {
      printed += chunk
    })
  }
  const exited = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
  }
  const message = await Promise.race([
    once(child, 'message').then(([first]) => first),
    exited.then(() => null),
  ])
  const access = readAccess(dataDir)
  if (message === null || access === null) {
    await stop()
    throw new Error(`The product did not start:\n${printed}`)
  }
  const { address, signIns } = startedMessage.parse(message)
  const { appUrl, ownerUrl } = clusterUrls(access)
  const processes = () => readRun(dataDir)?.processes ?? {}
  return { address, dataDir, signIns, appUrl, ownerUrl, processes, printed: () => printed, stop }
}
