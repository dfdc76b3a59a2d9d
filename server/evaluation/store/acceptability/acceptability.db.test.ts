import { afterAll, beforeAll, expect, test } from 'vitest'
import { approve, reject } from '../../../governance/index.ts'
import { createScene, type Scene, seenOf } from '../../../governance/testing/scene.ts'
import { createTestDatabase, type TestDatabase } from '../../../runtime/testing/index.ts'
import { answerPulse, getAcceptability, judgeAlarms, similarProposals } from '../../index.ts'

const minute = 60_000
let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

/** Demand of the hours after a proposal, minute by minute. */
const measure = (scene: Scene, demand: number) =>
  database.db.rollup.createMany({
    data: Array.from({ length: 180 }, (_, i) => ({
      workloadId: scene.workloadId,
      signal: 'requests_per_second',
      at: new Date(scene.clock.now().getTime() + i * minute),
      value: demand,
      samples: 1,
      updatedAt: scene.clock.now(),
    })),
  })

test('what people decided, how fast, and which surges did not come', async () => {
  const scene = await createScene(database.db)
  const operator = await scene.person('operator')
  const first = await scene.propose(10)
  scene.clock.advance(30_000)
  const { id: rejectionId } = await reject({
    ctx: operator,
    input: { ...seenOf(first), reason: 'a load test' },
  })
  const second = await scene.propose(12)
  scene.clock.advance(60_000)
  const decision = await approve({ ctx: operator, input: seenOf(second) })
  await measure(scene, 40)

  expect(await judgeAlarms({ ctx: scene.system })).toBe(0)
  scene.clock.advance(4 * 60 * minute)
  expect(await judgeAlarms({ ctx: scene.system })).toBe(2)
  expect(await judgeAlarms({ ctx: scene.system })).toBe(0)

  const { workloadId } = scene
  const { total, byWeek, byWorkload } = await getAcceptability({
    ctx: operator,
    input: { workloadId, weeks: 4 },
  })
  expect(total).toMatchObject({
    ended: 2,
    timeToDecideSeconds: { p50: 30, p90: 60 },
    approved: { count: 1, of: 2 },
    rejected: { count: 1, of: 2 },
    falseAlarms: { count: 2, of: 2 },
    pulse: null,
  })
  expect(byWeek).toHaveLength(4)
  expect(byWeek.at(-1)?.ended).toBe(2)
  expect(byWorkload.map(({ workload }) => workload.id)).toEqual([workloadId])

  // The one was ended within its surge by the other, which ran until it was over.
  const regretted = async () =>
    (await getAcceptability({ ctx: operator, input: { workloadId } })).total.regretted
  const cost = { costVsReactiveUsd: -0.15 }
  await scene.accounted(rejectionId, true, { ...cost, until: new Date(first.createdAt) })
  expect(await regretted()).toMatchObject({ count: 0, of: 0 })
  await scene.accounted(decision.id, true, cost)
  expect(await regretted()).toMatchObject({ count: 1, of: 1 })

  const history = await similarProposals({ ctx: operator, input: { id: second.id } })
  expect(history).toMatchObject([
    { number: first.number, surgeCame: false, decision: { kind: 'reject', who: 'Test operator' } },
  ])

  const answers = { decisionId: decision.id, clear: 5, trust: 4, ease: 3 }
  await answerPulse({ ctx: operator, input: answers })
  await expect(answerPulse({ ctx: operator, input: answers })).rejects.toThrow('already')
  await expect(answerPulse({ ctx: await scene.person('operator'), input: answers })).rejects.toThrow(
    'Only who decided',
  )
  await expect(answerPulse({ ctx: operator, input: { ...answers, trust: 6 } })).rejects.toThrow('not valid')
  const after = await getAcceptability({ ctx: operator, input: { workloadId } })
  expect(after.total.pulse).toEqual({ answers: 1, clear: 5, trust: 4, ease: 3 })
  await expect(database.db.pulse.updateMany({ data: { clear: 1 } })).rejects.toThrow()
})

test('a surge that came is no false alarm; one that was not measured is not judged either way', async () => {
  const [came, dark] = [await createScene(database.db), await createScene(database.db)]
  for (const scene of [came, dark]) {
    const proposal = await scene.propose(10)
    await reject({ ctx: await scene.person('operator'), input: { ...seenOf(proposal), reason: 'not now' } })
  }
  await measure(came, 200)
  came.clock.advance(4 * 60 * minute)
  await judgeAlarms({ ctx: came.system })
  const alarms = async ({ workloadId, system }: Scene) => {
    const { total } = await getAcceptability({ ctx: system, input: { workloadId } })
    return total.falseAlarms
  }
  expect(await alarms(came)).toEqual({ count: 0, of: 1, rate: 0 })
  expect(await alarms(dark)).toEqual({ count: 0, of: 0, rate: null })
})
