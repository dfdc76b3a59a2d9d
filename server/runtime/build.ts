import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { lockDataDir, lockHolder } from './data-dir-lock.ts'

const root = path.resolve(import.meta.dirname, '../..')
const stampFile = path.join(root, '.next/infrasage-build')

/** All that the built pages depend on. */
const inputs = [
  'app',
  'components',
  'server',
  'public',
  'prisma',
  'next.config.ts',
  'proxy.ts',
  'instrumentation.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
]

function filesOf(input: string): string[] {
  const absolute = path.join(root, input)
  if (!existsSync(absolute)) return []
  if (statSync(absolute).isFile()) return [absolute]
  return readdirSync(absolute, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() && !entry.name.includes('.test.') ? [path.join(entry.parentPath, entry.name)] : [],
  )
}

/** Digest of the sources, the lock file and the version of Node. */
export function buildFingerprint(): string {
  const hash = createHash('sha256').update(process.version)
  for (const file of inputs.flatMap(filesOf).sort()) {
    hash.update(`\0${path.relative(root, file)}\0`).update(readFileSync(file))
  }
  return hash.digest('hex')
}

/** Runs one of our scripts or tools to its end. @throws with what it printed when it fails */
async function run(name: string, args: string[], signal: AbortSignal): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, args, {
      cwd: root,
      signal,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    })
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const printed =
      error instanceof Error && 'stdout' in error && 'stderr' in error
        ? [error.stdout, error.stderr]
        : [error]
    throw new Error(`${name} failed:\n${printed.map(String).join('\n').trim()}`)
  }
}

/** Builds the pages unless the build at hand was made of exactly these sources. One build at a time; `onBegin` when one begins. */
export async function buildWhenNeeded(
  signal: AbortSignal,
  onBegin: () => void = () => undefined,
): Promise<void> {
  const buildDir = path.dirname(stampFile)
  while ((await lockHolder(buildDir)) !== null) await delay(200, undefined, { signal })
  const lock = await lockDataDir(buildDir)
  try {
    const fingerprint = buildFingerprint()
    if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint) return
    onBegin()
    await run('The build', ['node_modules/next/dist/bin/next', 'build'], signal)
    writeFileSync(stampFile, fingerprint)
  } finally {
    await lock.release()
  }
}

if (import.meta.main) {
  try {
    await buildWhenNeeded(new AbortController().signal)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
