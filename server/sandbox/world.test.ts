import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { manualClock } from '../kernel/clock.ts'
import { Outbox, type OutgoingSeries } from './outbox.ts'
import { openStateFiles, type StateFiles } from './state-files.ts'
import { testScene } from './testing/scene.ts'
import { firstState, World } from './world.ts'

const start = new Date('2026-03-04T13:37:20Z')
let folder: string
let files: StateFiles
let clock: ReturnType<typeof manualClock>

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'infrasage-sandbox-'))
  files = openStateFiles(path.join(folder, 'sandbox'))
  clock = manualClock(start)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The world as a process of its own would open it: from what is on disk, or anew. */
function open(): World {
  const state = files.readState() ?? firstState(testScene, clock.now().getTime())
  const makeOutbox = (services: ConstructorParameters<typeof Outbox>[0]) => new Outbox(services)
  const world = new World({ scene: testScene, state, plays: files.readPlays(), clock, makeOutbox })
  world.recallPast()
  files.writeState(world.state)
  return world
}

/** Takes everything out of the outbox, as an intake that never fails would. */
function takeAll(world: World): OutgoingSeries[] {
  const taken: OutgoingSeries[] = []
  for (let batch = world.outbox.next(1_000); batch; batch = world.outbox.next(1_000)) {
    taken.push(...batch.series)
    world.outbox.drop(batch)
    for (const { workload, part, at } of batch.taken) world.markSent(workload, part, at)
  }
  files.writeState(world.state)
  return taken
}

function samplesOf(series: OutgoingSeries[], workload: string, metric: string) {
  return series
    .filter(({ labels }) => labels.workload === workload && labels.__name__ === metric)
    .flatMap(({ samples }) => samples)
}

function run(world: World, seconds: number): void {
  for (let passed = 0; passed < seconds; passed += 15) {
    clock.advance(15_000)
    world.advance()
  }
}

const demand = 'sandbox_requests_per_second'
const order = { replicas: 6, dispatchId: 'd1', fencingToken: 1, ifVersion: '1', dryRun: false, final: false }

describe('history', () => {
  test('fills every step before the first start, demand first, and joins the present without a gap', () => {
    const world = open()
    const first = world.outbox.next(200)
    expect(first?.series.every(({ labels }) => labels.__name__ === demand)).toBe(true)
    run(world, 60)
    const samples = samplesOf(takeAll(world), 'steady', demand)
    const gaps = samples.slice(1).map(({ at }, index) => (at - (samples[index]?.at ?? 0)) / 1000)
    expect(new Set(gaps)).toEqual(new Set([60, 15]))
    expect(gaps.filter((gap) => gap === 60)).toHaveLength(720)
    expect(samples.at(-1)?.at).toBe(world.state.tickAt)
  })

  test('is the same when it is asked for again, and is not sent twice', () => {
    const world = open()
    const again = open()
    const sent = takeAll(world)
    expect(takeAll(again)).toEqual(sent)
    expect(takeAll(open())).toEqual([])
  })

  test('goes on where a kill interrupted it', () => {
    const whole = samplesOf(takeAll(open()), 'steady', demand)
    rmSync(path.join(folder, 'sandbox', 'world.json'))
    const world = open()
    const batch = world.outbox.next(300)
    if (!batch) throw new Error('nothing to send')
    const before = samplesOf(batch.series, 'steady', demand)
    for (const { workload, part, at } of batch.taken) world.markSent(workload, part, at)
    files.writeState(world.state)
    const after = samplesOf(takeAll(open()), 'steady', demand)
    expect([...before, ...after]).toEqual(whole)
  })
})

describe('a kill and a restart', () => {
  test('go on as if nothing had happened: same demand, queue and arrivals', () => {
    const steady = open()
    takeAll(steady)
    expect(steady.scale('steady-l4', order).kind).toBe('accepted')
    files.writeState(steady.state)
    const kept = structuredClone(steady.state)
    run(steady, 120)
    const uninterrupted = samplesOf(takeAll(steady), 'steady', 'sandbox_ready_replicas')

    files.writeState(kept)
    const restarted = open()
    restarted.advance()
    expect(samplesOf(takeAll(restarted), 'steady', 'sandbox_ready_replicas')).toEqual(uninterrupted)
    expect(restarted.state).toEqual(steady.state)
    expect(uninterrupted.at(-1)?.value).toBe(6)
  })

  test('remember what was carried out: the same dispatch has no second effect', () => {
    const world = open()
    const first = world.scale('steady-l4', order)
    files.writeState(world.state)
    clock.advance(200_000)
    const restarted = open()
    expect(restarted.scale('steady-l4', order)).toEqual(first)
    expect(restarted.observe('steady-l4')).toMatchObject({ readyReplicas: 6, version: '2', effects: 1 })
  })

  test('a state file of another shape is refused by name', () => {
    files.writeState({ ...firstState(testScene, 0), tickAt: Number.NaN })
    expect(() => files.readState()).toThrow(
      /world\.json is not what InfraSage wrote: .* Remove it to start the sandbox anew/s,
    )
  })
})

describe('a dispatch', () => {
  test('changes what is measured; the undisturbed run shows what would have been', () => {
    const world = open()
    world.scale('steady-l4', { ...order, replicas: 2 })
    run(world, 300)
    const { actual, undisturbed, since } = world.compare('steady-l4')
    expect(since).toBe('2026-03-04T13:37:15.000Z')
    expect(undisturbed.readyReplicas).toBe(4)
    expect(undisturbed.demand).toBe(actual.demand)
    expect(actual.latencyP99Ms).toBeGreaterThan(5 * undisturbed.latencyP99Ms)
    expect(actual.errorRatio).toBeGreaterThan(undisturbed.errorRatio)
  })

  test('of an unknown target is refused', () => {
    expect(() => open().scale('nowhere', order)).toThrow(/no target or workload of the sandbox "nowhere"/)
  })
})

describe('a trace', () => {
  test('gives a workload without demand its past and its present, and ends', () => {
    const world = open()
    expect(samplesOf(takeAll(world), 'waiting', demand)).toEqual([])
    const now = clock.now().getTime()
    const values = Array.from({ length: 20 }, (_, index) => index)
    world.play(world.serviceOf('waiting'), { startedAt: now - 600_000, stepMs: 60_000, values })
    const past = samplesOf(takeAll(world), 'waiting', demand)
    expect(past[0]?.value).toBeLessThan(2)
    expect(past.at(-1)?.value).toBe(9)
    run(world, 300)
    expect(samplesOf(takeAll(world), 'waiting', demand).at(-1)?.value).toBe(14)
    run(world, 900)
    expect(samplesOf(takeAll(world), 'waiting', demand).at(-1)?.value).toBe(19)
    run(world, 300)
    expect(samplesOf(takeAll(world), 'waiting', demand)).toEqual([])
  })

  test('stands in for the demand of its own, survives a restart, and leaves on request', () => {
    const world = open()
    takeAll(world)
    const play = { startedAt: clock.now().getTime() - 60_000, stepMs: 60_000, values: Array(90).fill(77) }
    world.play(world.serviceOf('steady'), play)
    expect(takeAll(world)).toEqual([])
    files.writePlays(world.plays)
    const restarted = open()
    run(restarted, 60)
    expect(samplesOf(takeAll(restarted), 'steady', demand).map(({ value }) => value)).toEqual([
      77, 77, 77, 77,
    ])
    restarted.stop(restarted.serviceOf('steady'))
    run(restarted, 60)
    expect(samplesOf(takeAll(restarted), 'steady', demand).every(({ value }) => value < 40)).toBe(true)
  })
})
