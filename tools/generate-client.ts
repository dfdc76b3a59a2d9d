import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * Generates the Prisma client into server/kernel/generated, and does nothing while the schema is unchanged.
 * The client needs no native engine, but the command line insists on a file in the engine's place: any existing
 * file will do for `generate`, and nothing is downloaded.
 */
const root = path.resolve(import.meta.dirname, '..')
const schemaDir = path.join(root, 'prisma')
const outputDir = path.join(root, 'server/kernel/generated')
const stampFile = path.join(outputDir, '.stamp')

function fingerprint(): string {
  const version = readFileSync(path.join(root, 'node_modules/prisma/package.json'))
  const hash = createHash('sha256').update(version)
  const files = readdirSync(schemaDir).filter((file) => file.endsWith('.prisma'))
  for (const file of files.sort()) hash.update(readFileSync(path.join(schemaDir, file)))
  return hash.digest('hex')
}

function isCurrent(stamp: string): boolean {
  return (
    existsSync(path.join(outputDir, 'client.ts')) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === stamp
  )
}

const stamp = fingerprint()
if (!isCurrent(stamp)) {
  const cli = path.join(root, 'node_modules/prisma/build/index.js')
  try {
    execFileSync(process.execPath, [cli, 'generate', '--schema', schemaDir], {
      cwd: root,
      stdio: 'pipe',
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
    })
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
    process.stderr.write(`The database client could not be generated from prisma/*.prisma.\n${output}\n`)
    process.exit(1)
  }
  writeFileSync(stampFile, stamp)
}
