import { readdirSync, readFileSync } from 'node:fs'
import type { Db } from '../../kernel/db.ts'

const ticksPerSecond = 100

type Process = { pid: number; parent: number; name: string; ms: number }

/** Every process of this machine with the CPU time that it and its ended children used; empty where there is no `/proc`. */
function processes(): Process[] {
  try {
    return readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) ? (readProcess(entry) ?? []) : []))
  } catch {
    return []
  }
}

/** Null if it ended meanwhile. */
function readProcess(pid: string): Process | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const end = stat.lastIndexOf(')')
    const fields = stat.slice(end + 2).split(' ')
    // After the name: state, parent, …, user, system, and both of its ended children (proc(5), fields 14 to 17).
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    const name = stat.slice(stat.indexOf('(') + 1, end)
    return { pid: Number(pid), parent: Number(fields[1]), name, ms: (ticks * 1_000) / ticksPerSecond }
  } catch {
    return null
  }
}

/** CPU milliseconds so far, by who used them. */
export type Cpu = { own: number; postgres: number; cluster: number }

/** Reads the CPU time of these processes (this one unless told), of the Postgres behind `db`, and of the API server with its etcd. */
export async function cpuMeter(db: Db, own: readonly number[] = [process.pid]): Promise<() => Cpu> {
  const [backend] = await db.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
  const postmaster = readProcess(String(backend?.pid))?.parent
  const ours = new Set(own)
  return () => {
    const all = processes()
    const sum = (of: (one: Process) => boolean) => all.filter(of).reduce((total, { ms }) => total + ms, 0)
    return {
      own: sum(({ pid }) => ours.has(pid)),
      postgres: sum(({ pid, parent }) => pid === postmaster || parent === postmaster),
      cluster: sum(({ parent, name }) => parent === process.pid && ['kube-apiserver', 'etcd'].includes(name)),
    }
  }
}
