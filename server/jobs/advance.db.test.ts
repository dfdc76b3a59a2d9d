import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createScene, type Scene } from '../governance/testing/scene.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import type { IncomingSeries } from '../telemetry/contract.ts'
import { createMapping, write } from '../telemetry/index.ts'
import { advance } from './advance.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  const { system } = await createScene(database.db)
  await createMapping({
    ctx: system,
    input: {
      priority: 1,
      metric: 'rps',
      matchLabels: {},
      workloadLabel: 'workload',
      workloadName: null,
      signal: 'requests_per_second',
      kind: 'gauge',
      scale: 1,
    },
  })
})
afterAll(() => database.dispose())

/** A scene without the forecast that it comes with, so that the flow makes its own. */
async function freshScene(): Promise<Scene> {
  const scene = await createScene(database.db)
  await database.db.forecast.deleteMany({ where: { workloadId: scene.workloadId } })
  return scene
}

/** Demand of the last `minutes`, oldest first, one sample a minute up to now, through the intake. */
async function measure(scene: Scene, minutes: number, demand: (minutesAgo: number) => number): Promise<void> {
  const now = scene.clock.now().getTime()
  const samples = Array.from({ length: minutes + 1 }, (_, i) => ({
    at: now - (minutes - i) * 60_000,
    value: demand(minutes - i),
  }))
  const series: IncomingSeries[] = [{ metric: 'rps', labels: { workload: scene.name }, samples }]
  await write({ ctx: scene.system, input: { series, source: 'remote_write' } })
}

const counts = async ({ workloadId }: Scene) => ({
  forecasts: await database.db.forecast.count({ where: { workloadId } }),
  proposals: await database.db.proposal.count({ where: { workloadId } }),
  waiting: await database.db.proposal.count({ where: { workloadId, state: 'waiting' } }),
})

describe('one turn of the flow', () => {
  test('learns what was measured, forecasts, and proposes for a surge', async () => {
    const scene = await freshScene()
    await measure(scene, 240, (ago) => (ago > 40 ? 30 : 30 + (40 - ago) * 1.2))
    const { learned, outcome } = await advance({ ctx: scene.system, input: { workloadId: scene.workloadId } })
    expect(learned).toBe(240)
    expect(outcome).toMatch(/6 → \d+ replicas/)
    expect(await counts(scene)).toEqual({ forecasts: 1, proposals: 1, waiting: 1 })
    const proposal = await database.db.proposal.findFirstOrThrow({
      where: { workloadId: scene.workloadId },
      include: { forecast: true },
    })
    expect(proposal.forecast?.snapshot).toMatchObject({ observations: 240, signal: 'requests_per_second' })
    expect(await scene.logged(proposal.id)).toHaveLength(1)
  })

  test('done again at the same time, does nothing', async () => {
    const scene = await freshScene()
    await measure(scene, 120, (ago) => 30 + (120 - ago) * 0.4)
    const turn = () => advance({ ctx: scene.system, input: { workloadId: scene.workloadId } })
    await Promise.all([turn(), turn(), turn()])
    const before = await counts(scene)
    expect((await turn()).learned).toBe(0)
    expect(await counts(scene)).toEqual(before)
    expect(before.forecasts).toBe(1)
  })

  test('goes on where it was: learning in turns is learning at once', async () => {
    const [once, turns] = await Promise.all([freshScene(), freshScene()])
    const demand = (ago: number) => 30 + 5 * Math.sin(ago / 7)
    await measure(once, 60, demand)
    await advance({ ctx: once.system, input: { workloadId: once.workloadId } })
    turns.clock.advance(-20 * 60_000)
    await measure(turns, 40, (ago) => demand(ago + 20))
    await advance({ ctx: turns.system, input: { workloadId: turns.workloadId } })
    turns.clock.advance(20 * 60_000)
    await measure(turns, 19, demand)
    expect((await advance({ ctx: turns.system, input: { workloadId: turns.workloadId } })).learned).toBe(20)
    const hash = async ({ workloadId }: Scene) =>
      (await database.db.modelState.findFirstOrThrow({ where: { workloadId } })).stateHash
    expect(await hash(turns)).toBe(await hash(once))
  })

  test('takes a proposal back that the newer forecast does not need', async () => {
    const scene = await freshScene()
    await measure(scene, 120, (ago) => (ago > 30 ? 30 : 30 + (30 - ago) * 1.6))
    await advance({ ctx: scene.system, input: { workloadId: scene.workloadId } })
    expect((await counts(scene)).waiting).toBe(1)
    scene.clock.advance(400 * 60_000)
    await scene.observe(6, '7')
    await measure(scene, 399, () => 53)
    const { outcome } = await advance({ ctx: scene.system, input: { workloadId: scene.workloadId } })
    expect(outcome).toMatch(/fits/)
    expect((await counts(scene)).waiting).toBe(0)
  })

  test('zeros of a dead exporter teach nothing and take nothing away', async () => {
    const scene = await freshScene()
    await scene.observe(20, '8')
    await measure(scene, 240, (ago) => (ago > 3 ? 30 + 5 * Math.sin(ago / 7) : 0))
    const turn = () => advance({ ctx: scene.system, input: { workloadId: scene.workloadId } })
    expect((await turn()).outcome).toMatch(/not believed: nothing is taken away/)
    const model = await database.db.modelState.findFirstOrThrow({ where: { workloadId: scene.workloadId } })
    expect(model.observations).toBe(237)
    // Nor does a person who asks.
    expect((await scene.planned(10)).policyResults).toContainEqual(
      expect.objectContaining({ rule: 'telemetry-fresh', passed: false }),
    )
    scene.clock.advance(60_000)
    await measure(scene, 0, () => 31)
    await turn()
    scene.clock.advance(60_000)
    await measure(scene, 0, () => 31)
    expect((await turn()).outcome).toMatch(/20 → 10 replicas/)
  })

  test('a sample from the future does not make what is missing fresh', async () => {
    const scene = await freshScene()
    await scene.observe(20, '8')
    await measure(scene, 120, (ago) => 30 + 5 * Math.sin(ago / 7))
    scene.clock.advance(8 * 60_000)
    await measure(scene, 0, () => 30)
    scene.clock.advance(-8 * 60_000)
    const turn = () => advance({ ctx: scene.system, input: { workloadId: scene.workloadId } })
    expect((await turn()).outcome).toMatch(/20 → 10 replicas/)
    scene.clock.advance(7 * 60_000)
    expect((await turn()).outcome).toMatch(/stale/)
  })

  test('a failure half-way leaves neither forecast nor model', async () => {
    const scene = await freshScene()
    await measure(scene, 120, (ago) => 30 + (120 - ago) * 0.5)
    const broken = {
      ...scene.system,
      ids: { ...scene.system.ids, nonce: () => 'x', uuid: () => 'not a uuid' },
    }
    await expect(advance({ ctx: broken, input: { workloadId: scene.workloadId } })).rejects.toThrow()
    expect(await counts(scene)).toEqual({ forecasts: 0, proposals: 0, waiting: 0 })
    expect(await database.db.modelState.count({ where: { workloadId: scene.workloadId } })).toBe(0)
  })
})
