import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'

/** A Chromium that runs here, as Playwright's `launchOptions` take it. */
export type Browser = { executablePath: string; env: NodeJS.ProcessEnv; chromiumSandbox: false }

const root = path.resolve(import.meta.dirname, '..')
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

function installed(): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** What the loader or the browser complains about; empty when it starts. */
function complaint(executablePath: string, env: Record<string, string>): string {
  const tried = spawnSync(executablePath, ['--version'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  return tried.status === 0
    ? ''
    : `${tried.error?.message ?? ''}${tried.stderr ?? ''}`.trim() || 'it does not start'
}

/**
 * Unpacks the browser of the npm package once, beside the other packages. The package unpacks into the folder for
 * temporary files, and its system libraries only where it thinks itself on AWS Lambda: hence the environment.
 */
function unpacked(): string {
  const packageDir = path.join(root, 'node_modules/@sparticuz/chromium')
  const { version } = JSON.parse(readFileSync(path.join(packageDir, 'package.json'), 'utf8'))
  const folder = path.join(root, 'node_modules/.cache/infrasage-browser', String(version))
  if (existsSync(folder)) return folder
  const half = `${folder}.${process.pid}`
  mkdirSync(half, { recursive: true })
  const script = "await (await import('@sparticuz/chromium')).default.executablePath()"
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    env: { ...process.env, TMPDIR: half, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
  })
  // Of several test processes the first to finish wins; the folder is there whole or not at all.
  if (existsSync(folder)) rmSync(half, { recursive: true })
  else renameSync(half, folder)
  return folder
}

/**
 * Finds a Chromium: `INFRASAGE_BROWSER`, an installed one, or the one in the npm package `@sparticuz/chromium`,
 * which brings the libraries that a bare system lacks.
 * @throws when none starts, saying what each complained about
 */
export function findBrowser(): Browser {
  const complaints: string[] = []
  const ask = (executablePath: string, env: Record<string, string> = {}): Browser | null => {
    const said = complaint(executablePath, env)
    if (said === '') return { executablePath, env: { ...process.env, ...env }, chromiumSandbox: false }
    complaints.push(`${executablePath}: ${said}`)
    return null
  }
  const given = process.env.INFRASAGE_BROWSER ?? installed()
  const found = given === undefined ? null : ask(given)
  if (found) return found

  const folder = unpacked()
  const executablePath = path.join(folder, 'chromium')
  const libraries = {
    LD_LIBRARY_PATH: path.join(folder, 'al2023/lib'),
    FONTCONFIG_PATH: path.join(folder, 'fonts'),
  }
  const bundled = ask(executablePath) ?? ask(executablePath, libraries)
  if (bundled) return bundled
  throw new Error(
    `No browser starts here. On Debian or Ubuntu: apt-get install chromium. Tried:\n${complaints.join('\n')}`,
  )
}
