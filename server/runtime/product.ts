import path from 'node:path'
import { bootstrapUsers, type FirstSignIn } from '../auth/index.ts'
import { privateDir } from '../kernel/private-file.ts'
import { bootstrapSandbox } from './bootstrap.ts'
import { buildWhenNeeded } from './build.ts'
import { isPortFree } from './ports.ts'
import type { Addresses, Product } from './product-plan.ts'
import { secretsEnvironment } from './secrets.ts'
import type { ProcessSpec } from './supervised-process.ts'
import { withSystem } from './system-context.ts'

const server = path.resolve(import.meta.dirname, '..')

export type ProductOptions = {
  dev: boolean
  given: NodeJS.ProcessEnv
  onSignIns(signIns: FirstSignIn[]): void
}

function portOf(given: NodeJS.ProcessEnv): number {
  const port = Number(given.PORT ?? 3000)
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw new Error(`PORT is "${given.PORT}"; a number from 1 to 65535 is expected, for instance PORT=3000.`)
}

/** `DATABASE_OWNER_URL` is for migrations alone, so no process gets it. */
function withoutOwner(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DATABASE_OWNER_URL: _, ...rest } = given
  return rest
}

/**
 * InfraSage as the environment asks for it: the web server, a worker, and the sandbox unless
 * `INFRASAGE_SANDBOX=off`.
 * @throws when the port is taken, or a variable is wrong
 */
export async function infrasage({ dev, given, onSignIns }: ProductOptions): Promise<Product> {
  const port = portOf(given)
  const host = given.HOST ?? '127.0.0.1'
  if (!(await isPortFree(port, host))) {
    throw new Error(`Port ${port} is taken. Stop what uses it, or choose another: PORT=${port + 1} npm start`)
  }
  const dataDir = privateDir(given.INFRASAGE_DATA_DIR ?? '.infrasage')
  const address = given.NEXTAUTH_URL ?? `http://127.0.0.1:${port}`
  const fixed = {
    NODE_ENV: dev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    INFRASAGE_DATA_DIR: dataDir,
    NEXTAUTH_URL: address,
    PORT: String(port),
    HOST: host,
  }

  const withSandbox = given.INFRASAGE_SANDBOX !== 'off'
  const prepare = async ({ appUrl }: Addresses) => {
    const { INFRASAGE_SANDBOX_TOKEN: token, ...secrets } = secretsEnvironment(dataDir, given)
    // The connection to the sandbox is sealed here, under the keys that all processes get.
    process.env.INFRASAGE_ENCRYPTION_KEY = secrets.INFRASAGE_ENCRYPTION_KEY
    process.env.INFRASAGE_OLD_ENCRYPTION_KEYS = secrets.INFRASAGE_OLD_ENCRYPTION_KEYS
    const environment = { ...fixed, ...secrets }
    // With all that was given: what is wrong there is said here, once, and not by each process that ends of it.
    const source = { ...withoutOwner(given), ...environment, DATABASE_URL: appUrl }
    return withSystem('start', source, async (ctx) => {
      onSignIns(await bootstrapUsers({ ctx, demo: withSandbox }))
      if (!withSandbox) return environment
      const intakeUrl = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`
      const sceneFile = given.INFRASAGE_SANDBOX_SCENE
      return { ...environment, ...(await bootstrapSandbox(ctx, { dataDir, token, intakeUrl, sceneFile })) }
    })
  }

  const processes: ProcessSpec[] = [
    { name: 'web', script: path.join(server, 'runtime/web.ts'), args: dev ? ['--dev'] : [] },
    { name: 'worker', script: path.join(server, 'jobs/worker.ts') },
    ...(withSandbox ? [{ name: 'sandbox', script: path.join(server, 'sandbox/main.ts') }] : []),
  ]
  return {
    dataDir,
    address,
    logs: dev ? 'inherit' : 'files',
    given: withoutOwner(given),
    build: dev ? async () => undefined : buildWhenNeeded,
    prepare,
    processes,
  }
}
