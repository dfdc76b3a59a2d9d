import { loadavg } from 'node:os'
import type { Cpu } from './bench-cpu.ts'

/** What was measured: each took so long, all of them together so long, and so much CPU. */
export type Measured = { eachMs: number[]; wallMs: number; cpu: Cpu }

/** Runs all of them, so many at a time. */
export async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  cpu: () => Cpu,
  work: (item: T) => Promise<unknown>,
): Promise<Measured> {
  const eachMs: number[] = []
  let next = 0
  const before = cpu()
  const start = performance.now()
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) {
      const began = performance.now()
      await work(item)
      eachMs.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return { eachMs, wallMs: performance.now() - start, cpu: used(before, cpu()) }
}

export function used(before: Cpu, after: Cpu): Cpu {
  return {
    own: after.own - before.own,
    postgres: after.postgres - before.postgres,
    cluster: after.cluster - before.cluster,
  }
}

export const rateOf = ({ eachMs, wallMs }: Measured): number => eachMs.length / (wallMs / 1_000)

/** `base`: what the rates are held against. */
export function printHead(title: string, base: string): void {
  console.log(`\n${title} (load average ${loadavg()[0]?.toFixed(1)})\n`)
  console.log(
    `| what | per second | of ${base} | p50 ms | p99 ms | CPU ms each: ours | Postgres | API server and etcd |`,
  )
  console.log('|---|---|---|---|---|---|---|---|')
}

/** `base`: what it is held against; null where nothing is. */
export function printRow(name: string, measured: Measured, base: Measured | null): void {
  const { eachMs, cpu } = measured
  const sorted = eachMs.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0)
  const rate = rateOf(measured)
  const share = base === null ? '' : `${Math.round((100 * rate) / rateOf(base))}%`
  const costs = [cpu.own, cpu.postgres, cpu.cluster].map((ms) => (ms / eachMs.length).toFixed(1))
  console.log(`| ${[name, rate.toFixed(1), share, at(0.5), at(0.99), ...costs].join(' | ')} |`)
}
