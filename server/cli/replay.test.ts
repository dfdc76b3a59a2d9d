import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { REPLAY_POLICIES, type ReplayPolicy, readReplayConfig } from '../evaluation/index.ts'
import { replayFile } from './replay.ts'
import { recompute, stepRows } from './testing/recompute.ts'

/** A machine that is busy takes its time. */
vi.setConfig({ testTimeout: 30_000 })

const folder = mkdtempSync(path.join(tmpdir(), 'infrasage-replay-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string) => path.join(folder, name)

const STEP = 60
const demand = Array.from({ length: 240 }, (_, i) =>
  Number((20 + 12 * Math.sin(i / 15) + (i % 70 > 62 ? 25 : 0)).toFixed(3)),
)
const absent = new Set([150, 151, 200])
const rows = demand.flatMap((value, i) => {
  const time = new Date(1_700_000_040_000 + i * STEP * 1000).toISOString()
  return absent.has(i) ? [] : [`chat,${time},${value}`, `other,${time},1`]
})
writeFileSync(at('in.csv'), `series_id,timestamp,value,label\n${rows.map((row) => `${row},0`).join('\n')}\n`)
const yaml = `capacityPerReplica: 2
serviceTimeSeconds: 1.2
shortfallUtilisation: 0.85
leadTimeSeconds: [60, 180, 600]
approvalDelaySeconds: 90
removeDelaySeconds: 60
startCost: 0.01
removeCost: 0.02
`
writeFileSync(at('w.yaml'), yaml)

const run = (policy: ReplayPolicy, changes: { series?: string; input?: string; out?: string } = {}) =>
  replayFile({
    input: at('in.csv'),
    series: 'chat',
    config: at('w.yaml'),
    out: at(policy),
    policy,
    ...changes,
  })
const written = (policy: ReplayPolicy, file: string) => readFileSync(path.join(at(policy), file), 'utf8')

describe.each(REPLAY_POLICIES)('%s', (policy) => {
  test('what is written survives recomputation from its own counts, and a second run writes the same bytes', async () => {
    const { summary } = await run(policy)
    const steps = written(policy, 'steps.csv')
    expect(written(policy, 'summary.json')).toBe(summary)
    const got = stepRows(steps)
    expect(got).toHaveLength(120)
    const filled = demand.slice(120).map((_, k) => {
      let i = 120 + k
      while (absent.has(i)) i--
      return demand[i] ?? 0
    })
    const again = recompute(got, filled, readReplayConfig(yaml, 'w').config, STEP)
    let total = 0
    for (const [k, row] of got.entries()) {
      const { backlog, p99Ms, cost } = again[k] ?? { backlog: 0, p99Ms: 0, cost: 0 }
      expect(row.demand === null).toBe(absent.has(120 + k))
      expect(row.backlog).toBeCloseTo(backlog, 6)
      expect(row.p99_ms / p99Ms).toBeCloseTo(1, 9)
      expect(row.cost).toBeCloseTo(cost, 9)
      total += cost
    }
    const parsed = JSON.parse(summary)
    expect(parsed.totalCost).toBeCloseTo(total, 9)
    expect(parsed.totalVsClairvoyant).toBeGreaterThanOrEqual(1 - 1e-9)

    await run(policy, { out: at('again') })
    expect(readFileSync(path.join(at('again'), 'steps.csv'), 'utf8')).toBe(steps)
    expect(readFileSync(path.join(at('again'), 'summary.json'), 'utf8')).toBe(summary)
  })
})

test('the files have exactly the columns and keys that are promised', async () => {
  await run('hpa')
  expect(written('hpa', 'steps.csv').split('\n')[0]).toBe(
    'timestamp,demand,ready,in_flight,ordered,backlog,p99_ms,cost,removed',
  )
  expect(Object.keys(JSON.parse(written('hpa', 'summary.json'))).join(' ')).toBe(
    'policy seriesId steps gapSteps stepSeconds evalFromStep initialReplicas infraCost penaltyCost churnCost totalCost shortReplicaHours violationShareDemand violationShareTime unservedInTimeUnits unservedInTimeShare p99Seconds meanReady meanInFlight peakReady starts removals finalBacklog clairvoyantTotalCost totalVsClairvoyant leadSeed configSha256 note',
  )
})

test('times with a zone, without one, and in seconds mean the same', async () => {
  const variants = {
    utc: (i: number) => `2026-01-31T10:${String(i).padStart(2, '0')}:00Z`,
    none: (i: number) => `2026-01-31 10:${String(i).padStart(2, '0')}:00`,
    east: (i: number) => `2026-01-31T12:${String(i).padStart(2, '0')}:00+0200`,
    seconds: (i: number) => String(Date.UTC(2026, 0, 31, 10, i) / 1000),
  }
  const outputs = []
  for (const [name, timeOf] of Object.entries(variants)) {
    const lines = demand.slice(0, 40).map((value, i) => `chat,${timeOf(i)},${value}`)
    writeFileSync(at(`${name}.csv`), `series_id,timestamp,value\n${lines.join('\n')}\n`)
    await run('kpa', { input: at(`${name}.csv`), out: at(name) })
    outputs.push(readFileSync(path.join(at(name), 'steps.csv'), 'utf8'))
  }
  expect(new Set(outputs).size).toBe(1)
})

test.each([
  [{ series: undefined }, 'holds 2 series; name one with --series: "chat", "other"'],
  [{ series: 'nobody' }, 'holds no series "nobody"; it holds "chat", "other"'],
  [{ input: at('nowhere.csv') }, 'There is no file'],
  [{ out: at('in.csv') }, 'cannot be written'],
])('%j is refused', async (changes, fault) => {
  await expect(run('hpa', changes)).rejects.toThrow(fault)
})
