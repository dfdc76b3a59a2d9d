import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  DEFAULT_LEVELS,
  ForecastSnapshotSchema,
  getForecaster,
  removeForecaster,
  reproduceForecast,
  setForecaster,
  testForecaster,
} from '../forecast/index.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { createLiveScene, type LiveScene, mapDemand } from './testing/live-scene.ts'

const minuteMs = 60_000
let database: TestDatabase
let server: Server
let address: string
/** What the forecaster does with a request, and what it was asked. */
let behaviour: (asked: Question, answer: ServerResponse) => void
let asked: { question: Question; headers: IncomingMessage['headers'] }[] = []

type Question = { horizon: number; levels: number[]; timestamps: string[]; values: (number | null)[] }

beforeAll(async () => {
  vi.stubEnv('INFRASAGE_PRIVATE_HOSTS', '127.0.0.1')
  database = await createTestDatabase()
  await mapDemand(database.db)
  server = createServer(async (request, answer) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const question: Question = JSON.parse(Buffer.concat(parts).toString())
    asked.push({ question, headers: request.headers })
    behaviour(question, answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/forecast`
})
beforeEach(() => {
  asked = []
  behaviour = good
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await database.dispose()
  vi.unstubAllEnvs()
})

const quantilesOf = ({ horizon, levels }: Question, value = 33) =>
  Array.from({ length: horizon }, (_, lead) => levels.map((level) => value + lead / 10 + level))
const reply = (answer: ServerResponse, body: unknown, status = 200) =>
  answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
const good = (question: Question, answer: ServerResponse) =>
  void reply(answer, { quantiles: quantilesOf(question) })
const changed =
  (change: (quantiles: unknown[][]) => void) => (question: Question, answer: ServerResponse) => {
    const quantiles: unknown[][] = quantilesOf(question)
    change(quantiles)
    reply(answer, { quantiles })
  }

/** A workload with a model and a forecaster of its own. */
async function sceneWithForecaster(change: Partial<Parameters<typeof setForecaster>[0]['input']> = {}) {
  const scene = await createLiveScene(database.db)
  await scene.history(60)
  await scene.turn()
  const admin = await scene.person('admin')
  const { workloadId } = scene
  const input = { workloadId, name: 'team-model', url: address, timeoutMs: 5_000, windowSteps: 30, ...change }
  await setForecaster({ ctx: admin, input })
  return { ...scene, admin }
}
const newest = async (scene: LiveScene) => {
  const row = (await scene.forecasts()).at(-1)
  if (row === undefined) throw new Error('there is no forecast')
  return { id: row.id, snapshot: ForecastSnapshotSchema.parse(row.snapshot) }
}
const health = async ({ system, workloadId }: LiveScene) => {
  const view = await getForecaster({ ctx: system, input: { workloadId } })
  if (view === null) throw new Error('there is no forecaster')
  return view.health
}
/** One measured minute and its turn. */
async function minute(scene: LiveScene): Promise<void> {
  scene.clock.advance(minuteMs)
  await scene.sample(scene.clock.now().getTime(), 31)
  await scene.turn()
}

describe('a team’s own forecaster', () => {
  const slow: typeof behaviour = (_, answer) => void answer.write('{')
  /** One workload that every misbehaviour is tried on. */
  let harmed: Awaited<ReturnType<typeof sceneWithForecaster>> | undefined

  test('is asked each turn and takes part in the forecast, which stays reproducible', async () => {
    const scene = await sceneWithForecaster({ secretHeader: 'Authorization', secret: 'Bearer s3cret' })
    await minute(scene)
    const first = await newest(scene)
    expect(first.snapshot.lineage?.plugin).toBe('team-model')
    const [{ question, headers } = { question: null, headers: null }] = asked
    expect(headers).toMatchObject({ authorization: 'Bearer s3cret', 'content-type': 'application/json' })
    expect(question).toMatchObject({
      ...{ protocol: 'infrasage-forecaster/1', workload: scene.name, signal: 'requests_per_second' },
      ...{ unit: 'req/s', stepSeconds: 60, levels: [...DEFAULT_LEVELS] },
    })
    expect(question?.timestamps.at(-1)).toBe(first.snapshot.origin)
    expect([question?.timestamps.length, question?.values.length]).toEqual([30, 30])
    // It sleeps for a while and comes back.
    behaviour = (_, answer) => void reply(answer, {}, 503)
    await minute(scene)
    expect((await newest(scene)).snapshot.lineage?.plugin).toBeNull()
    behaviour = good
    await minute(scene)
    await minute(scene)
    for (const { id } of await scene.forecasts()) {
      const result = await reproduceForecast({ ctx: scene.system, input: { forecastId: id } })
      expect(result.differences).toEqual([])
      expect(result.same).toBe(true)
    }
    expect(await health(scene)).toMatchObject({ state: 'answering', asked: 4, answeredShare: 0.75 })
  })

  test.each<[string, typeof behaviour, RegExp]>([
    ['is slow', slow, /no whole answer came within 200 ms/],
    ['answers garbage', (_, answer) => void answer.end('<html>'), /not JSON: <html>/],
    [
      'answers what PostgreSQL cannot keep',
      (_, answer) => void answer.end(`\0${'x'.repeat(79)}\u{1f600}!`),
      /not JSON: x{79}\ufffd…/,
    ],
    ['answers null', (_, answer) => void reply(answer, null), /no list "quantiles"/],
    [
      'gives NaN',
      changed((rows) => Object.assign(rows[1] ?? [], { 2: Number.NaN })),
      /lead 2, level 0.1 is null/,
    ],
    [
      'gives less than nothing',
      changed((rows) => Object.assign(rows[0] ?? [], { 0: -1 })),
      /lead 1, level 0.01 is -1/,
    ],
    ['gives text', changed((rows) => Object.assign(rows[0] ?? [], { 0: '1' })), /lead 1, level 0.01 is "1"/],
    ['gives too few leads', changed((rows) => rows.pop()), /there are 59 rows of quantiles, expected 60/],
    ['gives a ragged row', changed((rows) => rows[4]?.pop()), /lead 5 has 8 values, expected 9/],
    [
      'crosses',
      changed((rows) => Object.assign(rows[0] ?? [], { 5: 1 })),
      /lead 1 crosses: level 0.75 is 1, below/,
    ],
    ['fails', (_, answer) => void reply(answer, {}, 500), /answered 500, expected 200/],
    [
      'redirects',
      (_, answer) => void answer.writeHead(307, { location: address }).end(),
      /redirects are not followed/,
    ],
    ['floods', (_, answer) => void answer.end('x'.repeat(1_200_000)), /larger than 1048576 bytes/],
    ['hangs up', (_, answer) => void answer.destroy(), /cannot be reached/],
  ])('that %s leaves our own forecast unharmed, and the fault is shown in words', async (_, does, words) => {
    harmed ??= await sceneWithForecaster()
    const scene = harmed
    // Set anew, so that no fault is counted yet; only the slow one is not waited for.
    const timeoutMs = does === slow ? 200 : 5_000
    const input = { workloadId: scene.workloadId, name: 'team-model', url: address, timeoutMs }
    await setForecaster({ ctx: scene.admin, input })
    behaviour = does
    await minute(scene)
    const { snapshot } = await newest(scene)
    expect(snapshot.origin).toBe(new Date(scene.clock.now().getTime() - minuteMs).toISOString())
    expect(snapshot.lineage?.plugin).toBeNull()
    const { state, lastError, text, answeredShare } = await health(scene)
    expect(state).toBe('failing')
    expect(lastError).toMatch(words)
    expect(text).toMatch(/Our own forecast goes out without it/)
    expect(answeredShare).toBe(0)
  })

  test('that echoes the request does not show its secret', async () => {
    const scene = await sceneWithForecaster({ secretHeader: 'Authorization', secret: 'Bearer s3cret-token' })
    behaviour = (_, answer) => {
      const { authorization } = asked.at(-1)?.headers ?? {}
      answer.end(`unknown token ${authorization?.slice('Bearer '.length)}`)
    }
    await minute(scene)
    expect((await health(scene)).lastError).toMatch(/unknown token \[secret\]/)
  })

  test('that was right for long and then says zero takes nothing away', async () => {
    const scene = await sceneWithForecaster()
    behaviour = (question, answer) =>
      void reply(answer, { quantiles: quantilesOf(question).map((row) => row.map(() => 0)) })
    await minute(scene)
    const { leads, own } = (await newest(scene)).snapshot
    // What ours said without it is kept beside, and the plan comes down only as far as both agree.
    expect(own).toHaveLength(leads.length)
    expect(own?.[0]?.values[4]).toBeGreaterThan(leads[0]?.values[4] ?? 0)
  })

  test('that answers when another step has closed meanwhile is not taken for that step', async () => {
    const scene = await sceneWithForecaster()
    behaviour = async (question, answer) => {
      scene.clock.advance(minuteMs)
      await scene.sample(scene.clock.now().getTime(), 32)
      good(question, answer)
    }
    await minute(scene)
    const { snapshot } = await newest(scene)
    expect(Date.parse(snapshot.origin)).toBeGreaterThan(
      Date.parse(asked[0]?.question.timestamps.at(-1) ?? ''),
    )
    expect(snapshot.lineage?.plugin).toBeNull()
  })

  test('is left alone after three faults in a row, and asked again later', async () => {
    const scene = await sceneWithForecaster()
    behaviour = (_, answer) => void reply(answer, {}, 500)
    for (let i = 0; i < 3; i++) await minute(scene)
    expect(await health(scene)).toMatchObject({ state: 'paused', asked: 3 })
    scene.clock.advance(-minuteMs / 2)
    await scene.turn()
    expect(asked).toHaveLength(3)
    behaviour = good
    scene.clock.advance(minuteMs / 2)
    await minute(scene)
    expect(asked).toHaveLength(4)
    expect(await health(scene)).toMatchObject({ state: 'answering', failingSince: null })
  })
})

describe('setting one', () => {
  test('is logged without the secret; the secret stays until the address is another one', async () => {
    const { admin, workloadId } = await sceneWithForecaster({ secretHeader: 'X-Key', secret: 'hunter2' })
    const input = { workloadId, name: 'team-model', url: address, secretHeader: 'X-Key' }
    const again = await setForecaster({ ctx: admin, input: { ...input, active: false } })
    expect(again).toMatchObject({ hasSecret: true, active: false, health: { state: 'off' } })
    await expect(
      setForecaster({ ctx: admin, input: { ...input, url: 'https://example.com/' } }),
    ).rejects.toThrow(/"secret" is missing/)
    await removeForecaster({ ctx: admin, input: { workloadId } })
    expect(await getForecaster({ ctx: admin, input: { workloadId } })).toBeNull()
    const entries = await database.db.auditEntry.findMany({
      where: { subject: `workload/${workloadId}`, action: { startsWith: 'forecaster.' } },
      orderBy: { seq: 'asc' },
    })
    expect(entries.map(({ action }) => action)).toEqual([
      'forecaster.created',
      'forecaster.changed',
      'forecaster.removed',
    ])
    expect(JSON.stringify(entries.map(({ canonical }) => canonical))).not.toContain('hunter2')
  })

  test('at an address that is never called, or by an operator, is refused', async () => {
    const scene = await createLiveScene(database.db)
    const input = { workloadId: scene.workloadId, name: 'm', url: 'http://169.254.169.254/' }
    await expect(setForecaster({ ctx: await scene.person('admin'), input })).rejects.toThrow(/never called/)
    await expect(setForecaster({ ctx: await scene.person('operator'), input })).rejects.toThrow(
      /for the role admin/,
    )
  })

  test('can be tried out: the verdict is in words, and nothing is counted', async () => {
    const scene = await sceneWithForecaster()
    const trial = () => testForecaster({ ctx: scene.admin, input: { workloadId: scene.workloadId } })
    expect(await trial()).toMatchObject({ ok: true, leads: 60, sentSteps: 30, firstMedian: 33.5 })
    behaviour = (_, answer) => void reply(answer, {}, 404)
    expect(await trial()).toMatchObject({ ok: false, text: 'Not usable: it answered 404, expected 200.' })
    expect(await health(scene)).toMatchObject({ state: 'new', asked: 0 })
  })
})
