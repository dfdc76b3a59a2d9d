import { exitWithParent, reportReady } from '../../kernel/child.ts'

/** A process of the product for tests: `--fail` ends at once, `--stubborn` does not end on SIGTERM. */
if (process.argv.includes('--fail')) process.exit(3)
if (process.argv.includes('--stubborn')) process.on('SIGTERM', () => undefined)
else exitWithParent()
setInterval(() => undefined, 1_000)
reportReady()
