import { type Command, InvalidArgumentError, Option } from 'commander'
import { createApiKey, listUsers } from '../auth/index.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { scopes as allScopes, type Scope } from '../kernel/roles.ts'
import type { Enter } from './enter.ts'

type Options = { name: string; owner: string; scope: Scope[]; days: number | null; json?: boolean }

/** Adds `infrasage api-key create`. */
export function registerApiKeyCommands(program: Command, enter: Enter): void {
  program
    .command('api-key')
    .description('Keys for programs')
    .command('create')
    .description('Make an API key; it is printed once and cannot be read again')
    .requiredOption('--name <name>', 'what the key is for')
    .requiredOption('--owner <email>', 'whose key it is; it may never do more than its owner')
    .requiredOption('--scope <scope...>', `any of ${allScopes.join(', ')}`, collectScopes)
    .addOption(
      new Option('--days <n>', 'days until it expires').argParser(wholeDays).default(null, 'it never does'),
    )
    .option('--json', 'print the result as JSON')
    .action(async ({ name, owner, scope, days, json }: Options) => {
      const { key, token } = await enter(async (ctx) => {
        const person = (await listUsers({ ctx })).find(({ email }) => email === owner.toLowerCase())
        if (!person) throw new NotFoundError('person', owner)
        return createApiKey({ ctx, input: { name, ownerId: person.id, scopes: scope, expiresInDays: days } })
      })
      const result = { token, prefix: key.prefix, scopes: key.scopes, expiresAt: key.expiresAt }
      process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${token}\n`)
    })
}

function collectScopes(value: string, previous: Scope[] | undefined): Scope[] {
  const scope = allScopes.find((known) => known === value)
  if (!scope) throw new InvalidArgumentError(`Expected one of ${allScopes.join(', ')}.`)
  return [...(previous ?? []), scope]
}

function wholeDays(value: string): number {
  const days = Number(value)
  if (!Number.isInteger(days) || days < 1)
    throw new InvalidArgumentError('Expected a whole number of days, at least 1.')
  return days
}
