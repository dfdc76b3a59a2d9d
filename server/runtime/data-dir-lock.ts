import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

/**
 * The name of a folder's lock is a socket: the system frees it when its holder dies, so that no lock is ever
 * stale. On Linux it lives in the abstract namespace, elsewhere as a file that nobody listens behind any more.
 */
function lockAddress(dir: string): string {
  const name = `infrasage-${createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 32)}`
  return process.platform === 'linux' ? `\0${name}` : path.join(tmpdir(), `${name}.sock`)
}

/** Process id of the holder of a folder's lock, or null when nobody holds it. */
export function lockHolder(dir: string): Promise<number | null> {
  if (!existsSync(dir)) return Promise.resolve(null)
  return new Promise((resolve) => {
    const socket = connect(lockAddress(dir))
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.once('error', () => resolve(null))
    socket.once('end', () => resolve(Number.parseInt(text, 10)))
  })
}

function listen(address: string): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end(String(process.pid))
    })
    server.once('error', () => resolve(null))
    server.listen(address, () => resolve(server))
  })
}

/**
 * Takes the lock of a folder until `release` or the end of this process.
 * @throws when another process holds it, naming that process
 */
export async function lockDataDir(dir: string): Promise<{ release(): Promise<void> }> {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const address = lockAddress(dir)
  let server = await listen(address)
  if (server === null) {
    const holder = await lockHolder(dir)
    if (holder !== null) {
      throw new Error(
        `${path.resolve(dir)} is in use by process ${holder}. Stop it, or set INFRASAGE_DATA_DIR to another folder.`,
      )
    }
    if (!address.startsWith('\0')) rmSync(address, { force: true })
    server = await listen(address)
  }
  if (server === null) throw new Error(`The lock of ${path.resolve(dir)} cannot be taken.`)
  const held = server.unref()
  return { release: () => new Promise((resolve) => held.close(() => resolve())) }
}
