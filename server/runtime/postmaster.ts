import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Whether a process with this id exists, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** Process id of the server that runs in this cluster folder, or null. A reused id of another program is no server. */
export function runningPostmaster(clusterDir: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(path.join(clusterDir, 'postmaster.pid'), 'utf8'), 10)
    return pid > 0 && isAlive(pid) && commandOf(pid).split('\0').includes(clusterDir) ? pid : null
  } catch {
    return null
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended between the look and the signal.
  }
}

/**
 * Ends a server that an earlier, killed parent left in this cluster folder, and removes a stale lock file.
 * The caller holds the lock of the data folder, so that nobody else can be using it.
 */
export async function clearLeftovers(clusterDir: string): Promise<void> {
  const pid = runningPostmaster(clusterDir)
  if (pid !== null) await endPostmaster(pid)
  rmSync(path.join(clusterDir, 'postmaster.pid'), { force: true })
}

/** Fast shutdown (SIGINT), then SIGQUIT after 1 s, from which the log recovers, then SIGKILL after 1.5 s. */
export async function endPostmaster(pid: number): Promise<void> {
  const started = performance.now()
  signal(pid, 'SIGINT')
  let escalation = 0
  while (isAlive(pid)) {
    const waitedMs = performance.now() - started
    if (escalation === 0 && waitedMs > 1000) {
      escalation = 1
      signal(pid, 'SIGQUIT')
    } else if (escalation === 1 && waitedMs > 1500) {
      escalation = 2
      signal(pid, 'SIGKILL')
    }
    await delay(20)
  }
}
