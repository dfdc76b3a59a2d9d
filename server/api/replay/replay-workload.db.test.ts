import { afterAll, beforeAll, expect, test } from 'vitest'
import { createScene } from '../../governance/testing/scene.ts'
import { createTestDatabase, type TestDatabase } from '../../runtime/testing/index.ts'
import { listReplayChoices, replayWorkload } from './replay-workload.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const MINUTE = 60_000
const start = Date.parse('2026-02-20T00:00:00Z')
const at = (minute: number) => new Date(start + minute * MINUTE).toISOString()

/** A workload with `minutes` of measured demand, but for one hole. */
async function measured(minutes: number) {
  const scene = await createScene(database.db)
  const hole = new Set([130, 131])
  await database.db.rollup.createMany({
    data: Array.from({ length: minutes }, (_, i) => ({
      workloadId: scene.workloadId,
      signal: 'requests_per_second',
      at: new Date(start + i * MINUTE),
      value: 60 + 40 * Math.sin(i / 20),
      samples: 4,
      updatedAt: new Date(start),
    })).filter((_, i) => !hole.has(i)),
  })
  return { scene, ctx: await scene.person('auditor') }
}

test('a window of measured demand is replayed with the pool’s terms, off the thread that answers', async () => {
  const { scene, ctx } = await measured(241)
  let beats = 0
  const heart = setInterval(() => beats++, 5)
  const input = { workloadId: scene.workloadId, from: at(120), to: at(240) }
  const report = await replayWorkload({ ctx, input })
  clearInterval(heart)
  expect(beats).toBeGreaterThan(10)
  expect(report).toMatchObject({ from: at(120), to: at(240), steps: 120, historySteps: 120, gapSteps: 2 })
  expect(report.terms).toMatchObject({ pricePerReplicaHourUsd: 2, penaltyRatio: 20, objectiveP99Ms: 2_000 })
  expect(report.outcomes.length).toBeGreaterThanOrEqual(8)
  expect(await replayWorkload({ ctx, input })).toBe(report)

  const choices = await listReplayChoices({ ctx })
  expect(choices.find(({ workload }) => workload.id === scene.workloadId)).toMatchObject({
    measuredFrom: at(0),
    measuredTo: at(240),
    obstacle: null,
  })
})

test('a window that is empty, too long or without telemetry is refused in words', async () => {
  const { scene, ctx } = await measured(20)
  const ask = (from: string, to: string) =>
    replayWorkload({ ctx, input: { workloadId: scene.workloadId, from, to } })
  await expect(ask(at(5), at(5))).rejects.toThrow('The window is empty')
  await expect(ask(at(0), at(60 * 24 * 40))).rejects.toThrow(
    'The window has 57600 steps of 60 s; a replay takes at most 44640, which are 31.0 days.',
  )
  await expect(ask(at(600), at(700))).rejects.toThrow('Nothing was measured in this window')
  const unknown = { workloadId: '00000000-0000-4000-8000-00000000dead', from: at(0), to: at(10) }
  await expect(replayWorkload({ ctx, input: unknown })).rejects.toThrow('There is no workload')
})

test('a workload that was never measured says so', async () => {
  const scene = await createScene(database.db)
  const ctx = await scene.person('operator')
  const [choice] = (await listReplayChoices({ ctx })).filter(
    ({ workload }) => workload.id === scene.workloadId,
  )
  expect(choice).toMatchObject({ measuredFrom: null, obstacle: 'Its demand was never measured.' })
})
