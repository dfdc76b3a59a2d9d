import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { lockHolder } from './data-dir-lock.ts'
import { clusterFiles, clusterUrls, readAccess } from './postgres-cluster.ts'
import { isAlive, runningPostmaster } from './postmaster.ts'
import { readRun } from './run-file.ts'
import { waitFor } from './testing/index.ts'

const script = path.join(import.meta.dirname, 'testing/fake-product.ts')
let dataDir: string
let started: ChildProcess[]

/** The folder of a product that ran and was stopped: what a first start sets up is set up once for all tests. */
let used: string

beforeAll(async () => {
  used = mkdtempSync(path.join(tmpdir(), 'infrasage-supervisor-used-'))
  dataDir = used
  started = []
  const { supervisor } = await start()
  supervisor.kill('SIGTERM')
  await once(supervisor, 'exit')
})
afterAll(() => rmSync(used, { recursive: true, force: true }))

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'infrasage-supervisor-'))
  // With its owners, which the copying of Node does not keep.
  await promisify(execFile)('cp', ['-a', `${used}/.`, dataDir])
  started = []
})

afterEach(async () => {
  for (const each of started) each.kill('SIGKILL')
  await waitFor('the database to end', () => postmaster() === null)
  rmSync(dataDir, { recursive: true, force: true })
})

const postmaster = () => runningPostmaster(clusterFiles(dataDir).cluster)
const pidOf = (name: string) => readRun(dataDir)?.processes[name]

function launch(...flags: string[]): ChildProcess {
  const supervisor = spawn(process.execPath, [script, dataDir, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  started.push(supervisor)
  return supervisor
}

/** Starts a product of two fake processes and returns the ids of all that runs. */
async function start(...flags: string[]) {
  const supervisor = launch(...(flags.length > 0 ? flags : ['', '']))
  const [message] = await once(supervisor, 'message')
  expect(message).toEqual({ type: 'started' })
  const pids = Object.values(readRun(dataDir)?.processes ?? {})
  const database = await waitFor('the database', postmaster)
  return { supervisor, pids: [...pids, database], database }
}

async function selectOne(): Promise<boolean> {
  const access = readAccess(dataDir)
  if (access === null) return false
  const client = new Client({ connectionString: clusterUrls(access).appUrl })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query('SELECT 1')).rowCount === 1
  } catch {
    return false
  } finally {
    await client.end()
  }
}

test('SIGTERM ends everything within 5 s, a process that ignores it included, and the next start works', async () => {
  const { supervisor, pids } = await start('', '--stubborn')
  expect(pids).toHaveLength(3)
  const asked = performance.now()
  supervisor.kill('SIGTERM')
  const [code] = await once(supervisor, 'exit')
  expect(performance.now() - asked).toBeLessThan(5_000)
  expect(code).toBe(0)
  expect(pids.filter(isAlive)).toEqual([])
  expect(readRun(dataDir)).toBeNull()
  expect((await start()).pids.every(isAlive)).toBe(true)
})

test('SIGKILL of the supervisor leaves nothing running, and the next start works', async () => {
  const { supervisor, pids } = await start()
  supervisor.kill('SIGKILL')
  await waitFor('everything to end', () => !pids.some(isAlive))
  await start()
  expect(await selectOne()).toBe(true)
})

test('SIGKILL of a process brings it back, and leaves the others alone', async () => {
  const { pids } = await start()
  const before = pidOf('fake1')
  const other = pidOf('fake2')
  if (before === undefined) throw new Error('fake1 does not run')
  process.kill(before, 'SIGKILL')
  const after = await waitFor('fake1 to come back', () => {
    const pid = pidOf('fake1')
    return pid !== before && pid !== undefined && isAlive(pid) ? pid : null
  })
  expect(pids).not.toContain(after)
  expect(pidOf('fake2')).toBe(other)
})

test('SIGKILL of the database brings it back on the same port', async () => {
  const { database } = await start()
  const port = readAccess(dataDir)?.port
  process.kill(database, 'SIGKILL')
  await waitFor('a new database', () => postmaster() !== null && postmaster() !== database)
  await waitFor('the database to answer', selectOne)
  expect(readAccess(dataDir)?.port).toBe(port)
})

test('a second start in the same folder is refused and says who holds it', async () => {
  const { supervisor } = await start()
  const second = launch('')
  let said = ''
  second.stderr?.on('data', (chunk) => {
    said += chunk
  })
  const [code] = await once(second, 'exit')
  expect(code).toBe(1)
  expect(said).toContain(`is in use by process ${supervisor.pid}`)
  expect(said).toContain('INFRASAGE_DATA_DIR')
  expect(await lockHolder(dataDir)).toBe(supervisor.pid)
})

test('a process that never gets ready fails the start, and the rest is ended', async () => {
  const supervisor = launch('', '--fail')
  let said = ''
  supervisor.stderr?.on('data', (chunk) => {
    said += chunk
  })
  const [code] = await once(supervisor, 'exit')
  expect(code).toBe(1)
  expect(said).toContain('The fake2 process ended 5 times before it was ready')
  expect(postmaster()).toBeNull()
})
