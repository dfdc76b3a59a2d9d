import { type FirstSignIn, validHours } from '../auth/index.ts'
import { infrasage } from './product.ts'
import { runProduct } from './supervisor.ts'

const dev = process.argv.includes('--dev')
const began = performance.now()
const say = (text: string) => process.stdout.write(`${text}\n`)
const seconds = (value: number) => `${value.toFixed(1).padStart(6)} s`

const stopping = new AbortController()
const stop = () => stopping.abort(new Error('Stopped before everything was up.'))
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
// Started by another process of ours, as the browser tests do, it ends with that process.
process.once('disconnect', stop)

let signIns: FirstSignIn[] = []
const withSandbox = process.env.INFRASAGE_SANDBOX !== 'off'
const advice = withSandbox
  ? 'They hold while the sandbox runs; change them under Your account.'
  : `Each is good for ${validHours} hours, and asks for a password of your own; the admin's for a second factor as well.`

function printSignIns(): void {
  if (signIns.length === 0) return
  say(`\n  First sign-ins, shown this once. ${advice}\n`)
  for (const { role, email, password } of signIns)
    say(`    ${role.padEnd(9)} ${email.padEnd(30)} ${password}`)
}

try {
  say('InfraSage is starting.\n')
  const product = await infrasage({
    dev,
    given: process.env,
    onSignIns: (created) => {
      signIns = created
    },
  })
  const { ended } = await runProduct(
    product,
    { step: (name, took) => say(`  ${name.padEnd(12)}${seconds(took)}`), note: (text) => say(`  ${text}`) },
    stopping.signal,
  )
  say(`  ${'all'.padEnd(12)}${seconds((performance.now() - began) / 1000)}`)
  printSignIns()
  say(`\n  ${product.address}\n\n  Data and logs are in ${product.dataDir}. Ctrl-C stops everything.\n`)
  process.send?.({ type: 'started', address: product.address, signIns })
  if ((await ended) === 'failed') process.exitCode = 1
  else say('InfraSage has stopped.')
} catch (error) {
  printSignIns()
  for (let at: unknown = error; at instanceof Error; at = at.cause) process.stderr.write(`${at.message}\n`)
  process.exitCode = 1
}
process.exit()
