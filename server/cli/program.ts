import { Command } from 'commander'
import { ServiceError } from '../kernel/errors.ts'
import { registerApiKeyCommands } from './api-key.ts'
import { registerApplyCommand } from './apply.ts'
import { registerAuditCommands } from './audit.ts'
import { registerConnectionCommands } from './connection.ts'
import { registerDoctorCommand } from './doctor.ts'
import { enter } from './enter.ts'
import { registerExportCommand } from './export.ts'
import { registerForecastCommand } from './forecast.ts'
import { registerImportCommand } from './import.ts'
import { registerModelCommands } from './model.ts'
import { registerReplayCommand } from './replay.ts'
import { registerReproduceCommand } from './reproduce.ts'
import { registerSandboxCommands } from './sandbox.ts'
import { registerSecretsCommands } from './secrets.ts'
import { registerUserCommands } from './user.ts'

/** The `infrasage` command: thin doors to the verbs. Exit code 1 on a refusal, 2 on anything unexpected. */
const program = new Command('infrasage')
  .description('Forecast, propose, decide, carry out, prove.')
  .version('0.1.0')
  .showHelpAfterError('(--help shows what is expected)')

registerForecastCommand(program)
registerReplayCommand(program)
registerReproduceCommand(program, enter)
registerImportCommand(program, enter)
registerApplyCommand(program, enter)
registerExportCommand(program, enter)
registerAuditCommands(program, enter)
registerConnectionCommands(program, enter)
registerModelCommands(program, enter)
registerUserCommands(program, enter)
registerApiKeyCommands(program, enter)
registerDoctorCommand(program)
registerSandboxCommands(program, enter)
registerSecretsCommands(program, enter)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof ServiceError) {
    process.stderr.write(`${error.message}\n`)
    const [only, ...more] = error.details
    const said = more.length === 0 && only !== undefined && error.message.includes(only.message)
    for (const { path, message, expected } of said ? [] : error.details) {
      process.stderr.write(
        `  ${path ? `${path}: ` : ''}${message}${expected ? `; expected ${expected}` : ''}\n`,
      )
    }
    process.exitCode = 1
  } else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  }
}
