import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { manualClock } from '../../kernel/clock.ts'
import { createLogger } from '../../kernel/log.ts'
import type { Script } from '../scenes/script.ts'
import { openCloud, Stage } from '../stage.ts'
import type { StateFiles } from '../state-files.ts'
import { testScene } from '../testing/scene.ts'
import { routesOf } from './routes.ts'
import { listen } from './server.ts'

const token = 'a-token-for-this-test'
/** The same small cloud as a scene, under other names. */
const script: Script = {
  name: 'a-scene',
  title: 'A scene',
  story: 'Something happens.',
  sees: ['it'],
  proposalAfterMinutes: 1,
  scene: {
    ...testScene,
    workloads: testScene.workloads.map((entry) => ({
      ...entry,
      workload: { ...entry.workload, name: `scene-${entry.workload.name}` },
      pool: { ...entry.pool, target: { target: `scene-${entry.pool.target.target}` } },
    })),
  },
}
let folder: string
let files: StateFiles
let clock: ReturnType<typeof manualClock>
let server: Server
let address: string

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'infrasage-sandbox-'))
  clock = manualClock(new Date('2026-03-04T13:37:20Z'))
  const base = openCloud(testScene, folder, clock)
  files = base.files
  const stage = new Stage({ base, folder, clock, scripts: [script] })
  const routes = routesOf(stage, () => clock.now().getTime())
  const listening = await listen(routes, { port: 0, token, log: createLogger('test') })
  server = listening.server
  address = `http://127.0.0.1:${listening.port}`
})
afterEach(() => {
  server.close()
  server.closeAllConnections()
  rmSync(folder, { recursive: true, force: true })
})

async function call(method: string, url: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(address + url, {
    method,
    headers: { authorization: `Bearer ${token}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}

const scale = (body: unknown, version: string | null = '"1"') =>
  call('PUT', '/v1/targets/steady-l4/scale', body, version === null ? {} : { 'if-match': version })
const order = { replicas: 6, dispatchId: 'd1', fencingToken: 1 }

describe('reading', () => {
  test('a target shows what is desired, ready, on its way, and which version it is', async () => {
    const target = {
      id: 'steady-l4',
      desiredReplicas: 4,
      readyReplicas: 4,
      inFlightReplicas: 0,
      version: '1',
      effects: 0,
      control: 'replicas',
    }
    expect(await call('GET', '/v1/targets/steady-l4')).toEqual({ status: 200, body: target })
    const all = await call('GET', '/v1/targets')
    expect(all.body).toContainEqual(target)
    expect(all.body).toHaveLength(2)
  })

  test('the shadow stands beside the actual run', async () => {
    clock.advance(60_000)
    const { body } = await call('GET', '/v1/targets/steady-l4/shadow')
    expect(body.actual).toEqual(body.undisturbed)
  })

  test('the scene is there as it is', async () => {
    expect((await call('GET', '/v1/scene')).body).toEqual(JSON.parse(JSON.stringify(testScene)))
  })

  test('an unknown target or address is 404, a wrong method 405', async () => {
    expect((await call('GET', '/v1/targets/nowhere')).status).toBe(404)
    expect((await call('GET', '/v1/nothing')).status).toBe(404)
    expect((await call('POST', '/v1/targets/steady-l4/scale')).status).toBe(405)
  })

  test('without the token nothing is shown but health', async () => {
    for (const authorization of ['', 'Bearer wrong', `Basic ${token}`]) {
      const { status, body } = await call('GET', '/v1/targets/steady-l4', undefined, { authorization })
      expect([status, body.code]).toEqual([401, 'unauthenticated'])
    }
    expect((await fetch(`${address}/health`)).status).toBe(200)
  })
})

describe('scaling', () => {
  test('is on disk before it is answered, and arrives after the lead time', async () => {
    const { status, body } = await scale(order)
    expect([status, body.version, body.inFlightReplicas]).toEqual([200, '2', 2])
    const kept = files.readState()?.targets['steady-l4']
    expect([kept?.actual.capacity.desired, kept?.version, kept?.effects]).toEqual([6, 2, 1])
    clock.advance(60_000)
    const after = await call('GET', '/v1/targets/steady-l4')
    expect([after.body.readyReplicas, after.body.inFlightReplicas]).toEqual([6, 0])
  })

  test('twice with one dispatch has one effect and one answer', async () => {
    const first = await scale(order)
    clock.advance(120_000)
    expect(await scale(order)).toEqual(first)
    expect((await call('GET', '/v1/targets/steady-l4')).body).toMatchObject({ effects: 1, version: '2' })
  })

  test('many at once on one version: one wins, the others are told', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => scale({ ...order, replicas: 5, dispatchId: `d${index}` })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412, 412, 412])
    expect((await call('GET', '/v1/targets/steady-l4')).body.effects).toBe(1)
  })

  test('a dry run changes nothing', async () => {
    expect((await scale({ ...order, dryRun: true })).status).toBe(200)
    expect((await scale({ ...order, dryRun: true, replicas: 11 })).status).toBe(422)
    expect((await call('GET', '/v1/targets/steady-l4')).body).toMatchObject({ effects: 0, version: '1' })
  })

  test('each refusal has its status and says why', async () => {
    const table: [unknown, string | null, number, RegExp][] = [
      [{ ...order, replicas: 11 }, '"1"', 422, /11 replicas are over the quota of 10/],
      [order, '"7"', 412, /at version 1, not 7/],
      [order, null, 428, /If-Match/],
      [order, 'W/"x"', 400, /If-Match/],
      [{ ...order, replicas: -1 }, '"1"', 400, /replicas/],
      [{ ...order, replicas: 1.5 }, '"1"', 400, /replicas/],
      [{ replicas: 6 }, '"1"', 400, /dispatchId/],
      ['{', '"1"', 400, /not valid JSON/],
    ]
    for (const [body, version, status, message] of table) {
      const answer = await scale(body, version)
      expect(answer).toEqual({
        status,
        body: { code: expect.any(String), message: expect.stringMatching(message) },
      })
    }
    await scale({ ...order, fencingToken: 3, dryRun: true })
    expect((await scale(order)).status).toBe(409)
    expect((await call('GET', '/v1/targets/steady-l4')).body.effects).toBe(0)
  })
})

describe('a trace', () => {
  test('is played from now on and stopped again', async () => {
    const trace = {
      workload: 'steady',
      steps: [1, 2, 3, 4],
      stepSeconds: 60,
      speed: 2,
      scale: 10,
      historySteps: 1,
    }
    expect(await call('POST', '/v1/play', trace)).toEqual({
      status: 200,
      body: {
        workload: 'steady',
        from: '2026-03-04T13:36:50.000Z',
        until: '2026-03-04T13:38:50.000Z',
        steps: 4,
        secondsPerStep: 30,
      },
    })
    expect(files.readPlays().steady?.values).toEqual([10, 20, 30, 40])
    clock.advance(30_000)
    expect((await call('GET', '/v1/targets/steady-l4/shadow')).body.actual.demand).toBe(20)
    expect((await call('POST', '/v1/stop', { workload: 'steady' })).status).toBe(200)
    expect(files.readPlays()).toEqual({})
  })

  test('of nothing, of nobody or of the past alone is refused', async () => {
    const trace = { workload: 'steady', steps: [1, 2], stepSeconds: 60 }
    expect((await call('POST', '/v1/play', { ...trace, steps: [] })).status).toBe(400)
    expect((await call('POST', '/v1/play', { ...trace, historySteps: 2 })).status).toBe(400)
    expect((await call('POST', '/v1/play', { ...trace, workload: undefined })).status).toBe(400)
    expect((await call('POST', '/v1/play', { ...trace, workload: 'nobody' })).status).toBe(404)
  })
})

describe('a scene', () => {
  const step = (verb: string, run = 1) => call('POST', `/v1/scenes/a-scene/${verb}`, { run })
  const playing = async () => (await call('GET', '/v1/scenes')).body[0].playing

  test('is listed with its story, prepared, run, scaled and stopped', async () => {
    expect((await call('GET', '/v1/scenes')).body).toMatchObject([{ name: 'a-scene', playing: null }])
    expect((await call('GET', '/v1/targets/scene-steady-l4')).status).toBe(404)
    expect((await step('prepare')).body.scene.workloads[0].workload.name).toBe('scene-steady')
    expect(await playing()).toEqual({ run: 1, state: 'prepared' })
    expect((await step('run')).status).toBe(200)
    expect(await playing()).toEqual({ run: 1, state: 'running' })
    const url = '/v1/targets/scene-steady-l4'
    expect((await call('PUT', `${url}/scale`, order, { 'if-match': '"1"' })).status).toBe(200)
    expect((await call('GET', url)).body).toMatchObject({ desiredReplicas: 6, version: '2' })
    expect((await call('GET', '/v1/targets/steady-l4')).body).toMatchObject({ desiredReplicas: 4 })
    expect((await step('stop')).status).toBe(200)
    expect((await call('GET', url)).status).toBe(404)
    expect(await playing()).toBeNull()
  })

  test('of a second run has other names, and two runs are not played at once', async () => {
    await step('prepare', 2)
    expect((await call('GET', '/v1/targets/scene-steady-l4-2')).status).toBe(200)
    expect((await step('prepare', 2)).status).toBe(200)
    expect(await step('prepare', 3)).toMatchObject({ status: 409 })
    expect(await step('run', 3)).toMatchObject({ status: 404 })
    expect((await call('POST', '/v1/scenes/nothing/prepare', { run: 1 })).status).toBe(404)
  })

  test('goes on after a restart as it was', async () => {
    await step('prepare')
    await step('run')
    await call('PUT', '/v1/targets/scene-steady-l4/scale', order, { 'if-match': '"1"' })
    const base = openCloud(testScene, folder, clock)
    const again = new Stage({ base, folder, clock, scripts: [script] })
    const sent: string[] = []
    again.onChange(
      (name) => sent.push(name),
      () => undefined,
    )
    expect(sent).toEqual(['a-scene'])
    expect(again.cloudOf('scene-steady-l4').world.observe('scene-steady-l4').desiredReplicas).toBe(6)
    expect(again.cloudOf('scene-steady').world.outbox.samples).toBeGreaterThan(0)
  })
})
