import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { REPLAY_POLICIES } from '../evaluation/contract.ts'
import { seededRandom } from '../kernel/rng.ts'
import { table } from './bench-report.ts'
import { replayFile } from './replay.ts'

/**
 * Times a replay of 30 days of one-minute steps, per policy: reading the file, half of it as history, the policy, the optimum
 * beside it, and writing. CPU time of the second run, so that the machine's other work and the compiler do not count.
 */
const BOUND_SECONDS = 2
const STEPS = 30 * 1_440
const DAY_STEPS = 1_440

const folder = mkdtempSync(join(tmpdir(), 'infrasage-bench-'))
try {
  const input = join(folder, 'month.csv')
  const config = join(folder, 'pool.yaml')
  writeFileSync(input, `series_id,timestamp,value\n${demandLines().join('\n')}\n`)
  writeFileSync(config, 'capacityPerReplica: 10\nshortfallUtilisation: 0.85\n')
  const rows: string[][] = []
  for (const policy of REPLAY_POLICIES) {
    const run = () => replayFile({ input, config, policy, out: join(folder, policy) })
    await run()
    const before = process.cpuUsage()
    const { summary } = await run()
    const { user, system } = process.cpuUsage(before)
    const seconds = (user + system) / 1e6
    const { totalVsClairvoyant }: { totalVsClairvoyant: number } = JSON.parse(summary)
    const verdict = seconds <= BOUND_SECONDS ? 'within' : '**over**'
    rows.push([policy, seconds.toFixed(2), String(BOUND_SECONDS), verdict, totalVsClairvoyant.toFixed(3)])
  }
  process.stdout.write(table('policy | seconds of CPU | bound | verdict | cost to the optimum', rows))
} finally {
  rmSync(folder, { recursive: true })
}

/** A daily swing with noise, and a burst every other day. */
function demandLines(): string[] {
  const random = seededRandom(1)
  return Array.from({ length: STEPS }, (_, i) => {
    const phase = (2 * Math.PI * (i % DAY_STEPS)) / DAY_STEPS
    const burst = i % (2 * DAY_STEPS) > 2 * DAY_STEPS - 45 ? 150 : 0
    const value = 300 - 200 * Math.cos(phase) + 60 * (random() - 0.5) + burst
    return `chat,${1_700_006_400 + 60 * i},${value.toFixed(3)}`
  })
}
