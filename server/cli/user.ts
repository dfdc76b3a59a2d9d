import type { Command } from 'commander'
import { createUserInput } from '../auth/contract.ts'
import { createUser, readablePassword } from '../auth/index.ts'
import { parseInput } from '../kernel/parse.ts'
import type { Enter } from './enter.ts'

type Options = { email: string; name: string; role: string[]; json?: boolean }

/** Adds `infrasage user create`. */
export function registerUserCommands(program: Command, enter: Enter): void {
  program
    .command('user')
    .description('People who can sign in')
    .command('create')
    .description('Add a person; prints a generated password, once')
    .requiredOption('--email <address>', 'what the person signs in with')
    .requiredOption('--name <name>', 'as shown beside decisions')
    .requiredOption('--role <role...>', 'operator, admin or auditor; several may be given')
    .option('--json', 'print the result as JSON')
    .action(async ({ email, name, role, json }: Options) => {
      const input = parseInput(createUserInput, { email, name, roles: role }, 'person')
      const { user, password } = await enter(async (ctx) => {
        const password = readablePassword(ctx.ids.nonce())
        return { ...(await createUser({ ctx, input, password })), password }
      })
      const result = { email: user.email, roles: user.roles, password }
      const words = `${user.email} (${user.roles.join(', ')}) may sign in with the password ${password}\n`
      process.stdout.write(json ? `${JSON.stringify(result)}\n` : words)
    })
}
