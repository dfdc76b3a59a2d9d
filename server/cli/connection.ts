import type { Command } from 'commander'
import { checkConnection, getConnectionRights, listConnections, removeConnection } from '../dispatch/index.ts'
import type { Context } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import type { Enter } from './enter.ts'

type Rights = { serviceAccount?: string; user?: string; also?: string[]; discovery?: boolean }

/** Adds `infrasage connection rbac`, `connection check` and `connection remove`. */
export function registerConnectionCommands(program: Command, enter: Enter): void {
  const connection = program.command('connection').description('How targets are reached')
  connection
    .command('rbac <name>')
    .description('Print the manifests that grant exactly what the targets of a cluster need')
    .option('--service-account <namespace/name>', 'to whom', 'infrasage/infrasage')
    .option('--user <name>', 'to a user instead, by the name that the API server has for it')
    .option(
      '--also <namespace/Kind/name...>',
      'objects that are no targets yet, so that they can become some',
    )
    .option('--discovery', 'also what finding targets needs: to list every kind')
    .action(async (name: string, { serviceAccount = '', user, also = [], discovery = false }: Rights) => {
      const { manifest } = await enter(async (ctx) => {
        const [namespace = '', account = ''] = serviceAccount.split('/')
        const to = user === undefined ? { serviceAccount: { namespace, name: account } } : { user }
        const input = { connectionId: await idOf(ctx, name), also, discovery, ...to }
        return getConnectionRights({ ctx, input })
      })
      process.stdout.write(manifest ?? `Nothing has to be granted for "${name}".\n`)
    })
  connection
    .command('check <name>')
    .description('Try a connection and each right that its targets need; exit 1 if something is missing')
    .option('--json', 'print the result as JSON')
    .action(async (name: string, { json }: { json?: boolean }) => {
      const result = await enter(async (ctx) =>
        checkConnection({ ctx, input: { connectionId: await idOf(ctx, name) } }),
      )
      const missing = result.examination?.missing.map((each) => `  ${each}\n`) ?? []
      process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${result.message}\n${missing.join('')}`)
      process.exitCode = result.ok ? 0 : 1
    })
  connection
    .command('remove <name>')
    .description('Forget a connection that has no targets, with its credentials')
    .action(async (name: string) => {
      await enter(async (ctx) => removeConnection({ ctx, input: { connectionId: await idOf(ctx, name) } }))
      process.stdout.write(`"${name}" is removed, its credentials with it.\n`)
    })
}

async function idOf(ctx: Context, name: string): Promise<string> {
  const found = (await listConnections({ ctx })).find((each) => each.name === name)
  if (found === undefined) throw new NotFoundError('connection', name)
  return found.id
}
