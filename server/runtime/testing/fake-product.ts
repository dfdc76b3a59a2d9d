import path from 'node:path'
import type { ProcessSpec } from '../supervised-process.ts'
import { runProduct } from '../supervisor.ts'

/** A supervised product of a real embedded database and fake processes; its arguments are their flags. */
const [dataDir, ...flags] = process.argv.slice(2)
if (dataDir === undefined) throw new Error('fake-product.ts <data dir> [flag of each process …]')
const script = path.join(import.meta.dirname, 'fake-child.ts')
const processes: ProcessSpec[] = flags.map((flag, index) => ({
  name: `fake${index + 1}`,
  script,
  args: [flag],
}))

const stopping = new AbortController()
process.once('SIGTERM', () => stopping.abort())
try {
  const { ended } = await runProduct(
    {
      dataDir,
      address: 'http://127.0.0.1:0',
      logs: 'files',
      durable: false,
      given: { ...process.env, DATABASE_URL: undefined },
      build: async () => undefined,
      prepare: async () => ({}),
      processes,
    },
    { step: () => undefined, note: (text) => process.stdout.write(`${text}\n`) },
    stopping.signal,
  )
  process.send?.({ type: 'started' })
  process.exit((await ended) === 'failed' ? 1 : 0)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
