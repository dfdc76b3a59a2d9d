import { describe, expect, test } from 'vitest'
import { manualClock } from '../../kernel/clock.ts'
import { poolsOf } from '../contract.ts'
import { Outbox } from '../outbox.ts'
import { firstState, World } from '../world.ts'
import { scripts } from './index.ts'
import { sceneOf } from './script.ts'

const start = new Date('2026-03-04T13:37:20Z')

/** The world of a scene's first run, and how to let time pass in it. */
function play(name: string) {
  const script = scripts.find((one) => one.name === name)
  if (!script) throw new Error(`no ${name}`)
  const clock = manualClock(start)
  const scene = sceneOf(script, 1)
  const world = new World({
    scene,
    state: firstState(scene, start.getTime()),
    plays: {},
    clock,
    makeOutbox: (services) => new Outbox(services),
  })
  const pass = (seconds: number) => {
    clock.advance(seconds * 1_000)
    world.advance()
  }
  const order = (id: string, replicas: number, final = false) =>
    world.scale(id, {
      replicas,
      final,
      dryRun: false,
      dispatchId: `${id}-${replicas}`,
      fencingToken: 1,
      ifVersion: world.observe(id).version,
    })
  return { world, pass, order }
}

describe('the scenes', () => {
  test('are four, each with names of its own', () => {
    const entries = scripts.flatMap((script) => sceneOf(script, 1).workloads)
    const names = entries.flatMap((entry) => [
      entry.workload.name,
      ...poolsOf(entry).map(({ target }) => target.target),
    ])
    expect(scripts).toHaveLength(4)
    expect(new Set(names).size).toBe(names.length)
  })

  test('have other workloads and targets in each run, and the same places', () => {
    for (const script of scripts) {
      const [first, second] = [sceneOf(script, 1), sceneOf(script, 2)]
      expect(second.domains).toEqual(first.domains)
      for (const [i, entry] of second.workloads.entries()) {
        expect(entry.workload.name).toBe(`${first.workloads[i]?.workload.name}-2`)
        expect(poolsOf(entry).every(({ target }) => target.target.endsWith('-2'))).toBe(true)
      }
    }
  })
})

describe('bursting inference', () => {
  test('warm pods and functions take the burst; without them cold starts are what users see', () => {
    const { world, pass, order } = play('bursting-inference')
    order('ticket-answers-pods', 7)
    order('ticket-answers-functions', 12)
    pass(320)
    const seen = Array.from({ length: 60 }, () => {
      pass(5)
      return world.compare('ticket-answers-pods')
    })
    const worst = (run: 'actual' | 'undisturbed') => Math.max(...seen.map((one) => one[run].latencyP99Ms))
    expect(worst('undisturbed')).toBeGreaterThan(20_000)
    expect(worst('actual')).toBeLessThan(2_000)
  })
})

describe('cost-sensitive hybrid', () => {
  test('owned GPUs have no room in the peak, and room after it', () => {
    const { order } = play('cost-hybrid')
    expect(order('document-index-owned', 5).kind).toBe('over_quota')
    expect(order('shop-assistant-owned', 3).kind).toBe('accepted')
    expect(order('document-index-owned', 5).kind).toBe('accepted')
  })

  test('moved there, the same work is done for less', () => {
    const { world, pass, order } = play('cost-hybrid')
    order('shop-assistant-owned', 4)
    order('document-index-owned', 5)
    pass(200)
    order('document-index-cloud', 0)
    pass(200)
    const { actual, undisturbed } = world.compare('document-index-cloud')
    expect(actual.costPerHourUsd).toBeLessThan(0.3 * undisturbed.costPerHourUsd)
    expect(actual.latencyP99Ms).toBeLessThan(600_000)
    expect(actual.backlog).toBeLessThan(100)
  })
})

describe('edge first', () => {
  test('everyday stays at the edge; the rush spills over, and nobody waits where there is room', () => {
    const { world, pass, order } = play('edge-first')
    pass(60)
    expect(world.compare('ar-guide-edge').actual.latencyP99Ms).toBeLessThan(130)
    order('ar-guide-edge', 6)
    order('ar-guide-region', 7)
    pass(270 + 240)
    const { actual, undisturbed } = world.compare('ar-guide-edge')
    expect(undisturbed.errorRatio).toBeGreaterThan(0.2)
    expect(actual.errorRatio).toBeLessThan(0.01)
    expect(actual.latencyP99Ms).toBeLessThan(150)
  })
})

describe('the looping submission', () => {
  test('more than doubles what is submitted, and is gone once it is cancelled', () => {
    const { world, pass, order } = play('looping-job')
    pass(60)
    expect(world.compare('invoice-extract-workers').actual.demand).toBeLessThan(11)
    pass(60)
    expect(world.compare('invoice-extract-workers').actual.demand).toBeGreaterThan(20)
    expect(order('invoice-extract-resubmitter', 0, true).kind).toBe('accepted')
    pass(30)
    const { actual, undisturbed } = world.compare('invoice-extract-workers')
    expect(actual.demand).toBeLessThan(11)
    expect(undisturbed.demand).toBeGreaterThan(20)
    expect(order('invoice-extract-resubmitter', 1).kind).toBe('senseless')
  })
})
