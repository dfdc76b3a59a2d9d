import type { Command } from 'commander'
import { createUserInput, email as emailSchema } from '../auth/contract.ts'
import { createUser, inviteUser, readablePassword, validHours } from '../auth/index.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import type { Enter } from './enter.ts'

type ResetOptions = { email: string; reason: string; json?: boolean }
type Options = { email: string; name: string; role: string[]; json?: boolean }

/** Adds `infrasage user create` and `user reset`. */
export function registerUserCommands(program: Command, enter: Enter): void {
  const user = program.command('user').description('People who can sign in')
  user
    .command('create')
    .description(
      `Add a person; prints a generated password, once, which is to be changed at sign-in within ${validHours} hours`,
    )
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
      const words = `${user.email} (${user.roles.join(', ')}) may sign in with the password ${password} within ${validHours} hours, and chooses another then\n`
      process.stdout.write(json ? `${JSON.stringify(result)}\n` : words)
    })
  user
    .command('reset')
    .description('Let a person who is locked out choose another password; prints a link, once')
    .requiredOption('--email <address>', 'what the person signs in with')
    .requiredOption('--reason <words>', 'why, for the log')
    .option('--json', 'print the result as JSON')
    .action(async ({ email, reason, json }: ResetOptions) => {
      const wanted = parseInput(emailSchema, email, 'address')
      const { invitation } = await enter(async (ctx) => {
        const found = await ctx.db.user.findUnique({ where: { email: wanted }, select: { id: true } })
        if (!found) throw new NotFoundError('person', wanted)
        return inviteUser({ ctx, input: { userId: found.id, reason } })
      })
      const link = `${process.env.NEXTAUTH_URL?.replace(/\/+$/, '') ?? ''}${invitation?.path}`
      const result = { email: wanted, link, expiresAt: invitation?.expiresAt }
      const words = `${wanted} chooses another password at ${link}, below the address of this installation, within ${validHours} hours\n`
      process.stdout.write(json ? `${JSON.stringify(result)}\n` : words)
    })
}
