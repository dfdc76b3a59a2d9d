import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { privateDir } from '../kernel/private-file.ts'
import { freePort, isPortFree } from './ports.ts'
import { postgresBinaries, unprivileged } from './postgres-binaries.ts'
import {
  type ClusterAccess,
  clusterFiles,
  clusterUrls,
  ensureCluster,
  ensureRolesAndDatabase,
  writeAccess,
} from './postgres-cluster.ts'
import { clearLeftovers, endPostmaster, runningPostmaster } from './postmaster.ts'

/** A running embedded server. */
export type EmbeddedPostgres = {
  port: number
  superuserUrl: string
  ownerUrl: string
  appUrl: string
  /** Resolves when the server has ended, for whatever reason. */
  ended: Promise<void>
  /** Ends the server; resolves when it has ended. */
  stop(): Promise<void>
}

/** `durable: false` gives up safety against power loss, for tests. */
export type EmbeddedPostgresOptions = { dataDir: string; durable?: boolean }

/**
 * Runs the server as a child and, beside it, a watcher on our pipe: end-of-file, which also comes when we are
 * killed, shuts the server down. Background jobs of sh read from /dev/null, hence the copy of the pipe as 3.
 */
const guard = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(cat <&3 >/dev/null; kill -INT $server) 2>/dev/null &
watcher=$!
exec 3<&-
trap '' INT TERM HUP
while kill -0 $server 2>/dev/null; do wait $server; done
kill $watcher 2>/dev/null
`

const startTimeoutMs = 30_000
const maxLogBytes = 16 * 1024 * 1024

/**
 * Starts the embedded PostgreSQL of a data folder, set up on first use, on 127.0.0.1 and the port it had before
 * if that is still free. The caller must hold the lock of the data folder.
 * @throws with the end of the server's log when it does not come up
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = privateDir(options.dataDir)
  const files = clusterFiles(dataDir)
  const known = await ensureCluster(dataDir)
  await clearLeftovers(files.cluster)
  const port = known.port > 0 && (await isPortFree(known.port)) ? known.port : await freePort()
  const access = { ...known, port }
  if (port !== known.port) writeAccess(dataDir, access)

  const child = await launch(access, dataDir, options.durable ?? true)
  let over = false
  const markOver = () => {
    over = true
  }
  // A program that cannot be run at all reports `error` and never `exit`; `once` rejects then.
  const ended = once(child, 'exit').then(markOver, markOver)
  const stop = async () => {
    child.stdin?.end()
    const pid = runningPostmaster(files.cluster)
    if (pid !== null) await endPostmaster(pid)
    await ended
  }
  try {
    await untilReady(access, () => over, files.log)
    await ensureRolesAndDatabase(access)
  } catch (error) {
    await stop()
    throw error
  }
  return { port, ...clusterUrls(access), ended, stop }
}

async function launch(access: ClusterAccess, dataDir: string, durable: boolean): Promise<ChildProcess> {
  const { cluster, log } = clusterFiles(dataDir)
  const { postgres } = await postgresBinaries()
  const settings = {
    port: access.port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 120,
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const { file, args } = unprivileged(['sh', '-c', guard, 'guard', postgres, '-D', cluster, ...flags])
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > maxLogBytes) rmSync(log)
  const logFile = openSync(log, 'a', 0o600)
  try {
    const child = spawn(file, args, { cwd: dataDir, stdio: ['pipe', logFile, logFile], detached: true })
    child.stdin?.on('error', () => undefined)
    return child
  } finally {
    closeSync(logFile)
  }
}

async function untilReady(access: ClusterAccess, isOver: () => boolean, log: string): Promise<void> {
  const deadline = performance.now() + startTimeoutMs
  while (performance.now() < deadline && !isOver()) {
    const client = new Client({ connectionString: clusterUrls(access).superuserUrl })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await delay(50)
    }
  }
  const tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-8).join('\n')
  throw new Error(`The embedded database did not start. The end of ${log}:\n${tail}`)
}
