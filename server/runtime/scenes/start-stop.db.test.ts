import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createConnection, listTargets } from '../../dispatch/index.ts'
import { allowLoopback } from '../../dispatch/testing/allow-loopback.ts'
import { manualClock } from '../../kernel/clock.ts'
import type { Context } from '../../kernel/context.ts'
import { openSandbox, type Script } from '../../sandbox/index.ts'
import { testScene } from '../../sandbox/testing/scene.ts'
import { listScenes, startScene, stopScene } from '../../scenes/index.ts'
import { listWorkloads } from '../../telemetry/index.ts'
import { freePort } from '../ports.ts'
import { createTestDatabase, createTestPerson, type TestDatabase, testContext } from '../testing/index.ts'

const token = 'a-token-for-this-test'
const script: Script = {
  name: 'a-scene',
  title: 'A scene',
  story: 'Something happens.',
  sees: ['it'],
  proposalAfterMinutes: 1,
  scene: {
    ...testScene,
    workloads: testScene.workloads.slice(0, 1).map((entry) => ({
      ...entry,
      workload: { ...entry.workload, name: 'played' },
      pool: { ...entry.pool, target: { target: 'played-l4' } },
    })),
  },
}

let database: TestDatabase
let operator: Context
let folder: string
let access: { url: string; token: string }
const clock = manualClock(new Date('2026-03-04T13:37:20Z'))
beforeAll(async () => {
  allowLoopback()
  database = await createTestDatabase()
  operator = testContext({ db: database.db, clock, actor: await createTestPerson(database.db, 'operator') })
  folder = mkdtempSync(path.join(tmpdir(), 'infrasage-scenes-'))
  access = { url: `http://127.0.0.1:${await freePort()}`, token }
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await database.dispose()
})

const input = { scene: 'a-scene' }
const openHere = () => {
  const port = Number(new URL(access.url).port)
  return openSandbox({ scene: testScene, scripts: [script], folder, port, token, clock, log: operator.log })
}
const names = async () => (await listWorkloads({ ctx: operator })).map(({ name }) => name)

test('without a simulated cloud nothing can be played, and it says why', async () => {
  expect(await listScenes({ ctx: operator }, null)).toMatchObject({
    available: false,
    why: expect.stringMatching(/INFRASAGE_SANDBOX=off/),
  })
  expect(await listScenes({ ctx: operator }, access)).toMatchObject({
    available: false,
    why: expect.stringMatching(/does not answer/),
  })
  await expect(startScene({ ctx: operator, input }, access)).rejects.toThrow(/does not answer/)
})

test('a start that failed half-way goes on where it was; a stop leaves the log and nothing on the screens', async () => {
  const sandbox = await openHere()
  try {
    await expect(startScene({ ctx: operator, input: { scene: 'nothing' } }, access)).rejects.toThrow(
      /there are a-scene/,
    )
    await expect(stopScene({ ctx: operator, input }, access)).rejects.toThrow(/no run of the scene/)
    // The connection is not there yet, so that its targets cannot be declared.
    await expect(startScene({ ctx: operator, input }, access)).rejects.toThrow()
    expect((await listScenes({ ctx: operator }, access)).scenes[0]).toMatchObject({
      state: 'starting',
      run: 1,
      note: expect.any(String),
    })

    const system = testContext({ db: database.db, clock })
    await createConnection({ ctx: system, input: { name: 'sandbox', adapter: 'sandbox', config: access } })
    const started = await startScene({ ctx: operator, input }, access)
    expect(started).toMatchObject({ state: 'running', run: 1, note: null })
    expect(await names()).toEqual(['played'])
    expect(await startScene({ ctx: operator, input }, access)).toEqual(started)

    expect(await stopScene({ ctx: operator, input }, access)).toMatchObject({ state: 'ended', workloads: [] })
    expect(await names()).toEqual([])
    expect(await listTargets({ ctx: operator })).toEqual([])
    expect(sandbox.stage.list()[0]?.playing).toBeNull()
    expect(await stopScene({ ctx: operator, input }, access)).toMatchObject({ state: 'ended' })

    expect(await startScene({ ctx: operator, input }, access)).toMatchObject({ state: 'running', run: 2 })
    expect(await names()).toEqual(['played-2'])
  } finally {
    sandbox.close()
  }
})

test('stopped while the simulated cloud is away, a scene is over all the same, and the next start clears up there', async () => {
  await expect(stopScene({ ctx: operator, input }, access)).rejects.toThrow(/does not answer/)
  expect(await names()).toEqual([])
  const sandbox = await openHere()
  try {
    expect(sandbox.stage.list()[0]?.playing).toEqual({ run: 2, state: 'running' })
    expect(await startScene({ ctx: operator, input }, access)).toMatchObject({ state: 'running', run: 3 })
    expect(sandbox.stage.list()[0]?.playing).toEqual({ run: 3, state: 'running' })
  } finally {
    sandbox.close()
  }
})
