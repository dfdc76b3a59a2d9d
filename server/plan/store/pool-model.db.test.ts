import { afterAll, beforeAll, expect, test } from 'vitest'
import { createScene, type Scene } from '../../governance/testing/scene.ts'
import { transact } from '../../kernel/transact.ts'
import { createTestDatabase, type TestDatabase } from '../../runtime/testing/index.ts'
import type { CapacityModel } from '../contract.ts'
import { fitDueModel, getAdvice, poolsOf, updatePool } from '../index.ts'
import { queueSteps } from '../testing/pool-steps.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const capacityOf = (scene: Scene) =>
  transact(scene.system, async (tx) => (await poolsOf(tx, scene.workloadId)).leading)

const truth = { capacityPerReplica: 7.3, serviceSeconds: 0.8, unloadedP99Ms: 1_250, variability: 1 }

test('a pool is fitted once it is due, and plans count with what was found', async () => {
  const scene = await createScene(database.db)
  const fitAll = async () => {
    const names: string[] = []
    for (
      let name = await fitDueModel({ ctx: scene.system });
      name;
      name = await fitDueModel({ ctx: scene.system })
    )
      names.push(name)
    return names
  }
  const model = async (): Promise<CapacityModel | undefined> => (await capacityOf(scene))?.model
  expect(await fitAll()).toContain(scene.name)
  expect(await model()).toMatchObject({
    kind: 'queue',
    fit: { verdict: 'too few to tell', source: 'assumed' },
  })
  expect(await fitAll()).toEqual([])

  const until = scene.clock.now().getTime()
  const steps = queueSteps(truth, { steps: 2_000, seed: 2, noise: 0.03, peak: 60 })
  await database.db.rollup.createMany({
    data: steps.flatMap(({ demand, readyReplicas, latencyP99Ms }, i) =>
      Object.entries({
        requests_per_second: demand,
        ready_replicas: readyReplicas,
        latency_p99_ms: latencyP99Ms,
      }).map(([signal, value]) => ({
        workloadId: scene.workloadId,
        signal,
        at: new Date(until - (steps.length - i) * 60_000),
        value: value ?? 0,
        samples: 4,
        updatedAt: scene.clock.now(),
      })),
    ),
  })
  const before = (await scene.planned(10)).effect.latencyP99MsAfter
  scene.clock.advance(300_000)
  expect(await fitAll()).toContain(scene.name)
  const fitted = await model()
  expect(fitted).toMatchObject({ kind: 'queue', fit: { verdict: 'fits well', source: 'telemetry' } })
  if (fitted?.kind !== 'queue') throw new Error('A queue was expected.')
  expect(Math.abs(fitted.capacityPerReplica / truth.capacityPerReplica - 1)).toBeLessThan(0.05)
  expect((await scene.planned(10)).effect.latencyP99MsAfter).not.toBe(before)
  expect(await fitAll()).toEqual([])

  const auditor = await scene.person('auditor')
  const advised = await getAdvice({ ctx: auditor, input: { workloadId: scene.workloadId, days: 7 } })
  expect(advised).toMatchObject({ stepSeconds: 60, model: fitted })
  // Nothing was carried out or decided yet: what is declared counts.
  expect([advised.lead, advised.approval]).toMatchObject([{ observations: 0 }, { observations: 0 }])
  expect(advised.observations).toBeGreaterThan(1_900)
  // Seven days were asked about; it says what was measured of them.
  const span = Date.parse(advised.to) - Date.parse(advised.from)
  expect(span).toBeGreaterThanOrEqual((advised.observations - 1) * 60_000)
  expect(span).toBeLessThan(2 * advised.observations * 60_000)
  expect(advised.advice.map(({ kind }) => kind).toSorted()).toEqual([
    'caching',
    'right-sizing',
    'serverless',
    'spot',
  ])
  const nobody = '00000000-0000-4000-8000-0000000000ff'
  await expect(getAdvice({ ctx: auditor, input: { workloadId: nobody } })).rejects.toThrow(
    'There is no workload',
  )

  const admin = await scene.person('admin')
  await expect(fitDueModel({ ctx: admin })).rejects.toThrow('"model.fit"')
  const { id } = await database.db.pool.findFirstOrThrow({ where: { workloadId: scene.workloadId } })
  await updatePool({ ctx: admin, input: { id, capacityPerReplica: 9 } })
  expect(await fitAll()).toEqual([scene.name])
  const entries = await database.db.auditEntry.findMany({ where: { action: 'pool.model-fitted' } })
  const own = entries.filter(({ canonical }) => canonical.includes(scene.workloadId))
  expect(own).toHaveLength(2)
})
