import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPMetricExporter as ProtobufExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createApiKey } from '../auth/index.ts'
import { systemClock } from '../kernel/clock.ts'
import type { Scope } from '../kernel/roles.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
  waitFor,
} from '../runtime/testing/index.ts'
import { noPrometheus, startPrometheus } from '../runtime/testing/prometheus.ts'
import { serveHandlers, type TestServer } from '../runtime/testing/serve.ts'
import type { MappingInput, SignalName } from '../telemetry/contract.ts'
import { createMapping, createWorkload, readSignal } from '../telemetry/index.ts'
import { webHost } from './host.ts'
import { handleMetrics, handleOtlpMetrics, handleRemoteWrite } from './index.ts'

let database: TestDatabase
let server: TestServer
const folder = mkdtempSync(path.join(tmpdir(), 'infrasage-intake-'))
const system = () => testContext({ db: database.db, clock: systemClock })

beforeAll(async () => {
  database = await createTestDatabase()
  vi.stubEnv('DATABASE_URL', database.appUrl)
  vi.stubEnv('NEXTAUTH_SECRET', 'a secret of this test, long enough for it')
  vi.stubEnv('INFRASAGE_AUDIT_KEY_FILE', path.join(folder, 'audit.pem'))
  vi.stubEnv('INFRASAGE_DATA_DIR', folder)
  vi.stubEnv('LOG_LEVEL', 'silent')
  server = await serveHandlers({
    'POST /api/v1/write': handleRemoteWrite,
    'POST /api/v1/otlp/v1/metrics': handleOtlpMetrics,
    'GET /metrics': handleMetrics,
  })
})

afterAll(async () => {
  await server.close()
  const host = await webHost()
  await host.queue.close()
  await host.db.$disconnect()
  await database.dispose()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

async function token(...scopes: Scope[]): Promise<string> {
  const owner = await createTestPerson(database.db, 'operator')
  const input = { name: 'collector', scopes, expiresInDays: null, ownerId: owner.userId }
  return (await createApiKey({ ctx: system(), input })).token
}

async function workload(name: string, ...mappings: Partial<MappingInput>[]): Promise<string> {
  const { id } = await createWorkload({
    ctx: system(),
    input: {
      ...{ name, title: name, kind: 'inference', environment: 'test', team: 'test', stepSeconds: 1 },
      ...{ dataClassification: 'internal', requiredSecurityTier: 1, objectiveP99Ms: 500, sandbox: false },
      demandSignal: 'requests_per_second',
    },
  })
  for (const mapping of mappings) {
    await createMapping({
      ctx: system(),
      input: {
        ...{ priority: 1, metric: '*', matchLabels: {}, workloadLabel: null, workloadName: name, scale: 1 },
        ...{ signal: 'requests_per_second', kind: 'gauge' },
        ...mapping,
      },
    })
  }
  return id
}

/** Waits until the signal has a value above zero in the last minutes, and returns the newest. */
async function newestValue(workloadId: string, signal: SignalName): Promise<number> {
  return waitFor(`a value of ${signal}`, async () => {
    const now = Date.now()
    const [from, to] = [new Date(now - 120_000).toISOString(), new Date(now + 5_000).toISOString()]
    const input = { workloadId, signal, from, to, maxPoints: 500 }
    const { points } = await readSignal({ ctx: system(), input })
    return points.findLast((point) => point.value)?.value
  })
}

describe('who may write', () => {
  it.each(['/api/v1/write', '/api/v1/otlp/v1/metrics'])(
    '%s wants an API key with the right scope',
    async (url) => {
      const send = async (authorization?: string) => {
        const headers: Record<string, string> = { 'Content-Type': 'application/x-protobuf' }
        if (authorization) headers.Authorization = authorization
        return (await fetch(server.address + url, { method: 'POST', headers, body: 'x' })).status
      }
      expect(await send()).toBe(401)
      expect(await send(`Bearer isk_${'0'.repeat(64)}`)).toBe(401)
      expect(await send(`Bearer ${await token('read', 'decide')}`)).toBe(403)
      // The key is right, and only now the body matters.
      expect(await send(`Bearer ${await token('telemetry:write')}`)).toBeGreaterThanOrEqual(400)
      expect([400, 415]).toContain(await send(`Bearer ${await token('telemetry:write')}`))
    },
  )
})

describe('/metrics', () => {
  it('answers this machine, and others only with a key', async () => {
    const here = await fetch(`${server.address}/metrics`)
    expect(here.status).toBe(200)
    expect(await here.text()).toContain('infrasage_intake_requests_total')
    const away = (headers: Record<string, string>) =>
      fetch(`${server.address}/metrics`, {
        headers: { 'X-Forwarded-For': '127.0.0.1, 203.0.113.9', ...headers },
      })
    expect((await away({})).status).toBe(401)
    expect((await away({ Authorization: `Bearer ${await token('telemetry:write')}` })).status).toBe(403)
    expect((await away({ Authorization: `Bearer ${await token('read')}` })).status).toBe(200)
  })
})

describe.each([
  ['protobuf', ProtobufExporter],
  ['JSON', JsonExporter],
])('a real OpenTelemetry SDK over %s', (encoding, Exporter) => {
  it('is seen as rates and gauges', async () => {
    const name = `otel-${encoding.toLowerCase()}`
    const mapping = { matchLabels: { 'service.name': name } }
    const id = await workload(
      name,
      { ...mapping, priority: encoding.length, metric: 'app.requests', signal: 'requests_per_second' },
      { ...mapping, priority: encoding.length, metric: 'app.queue', signal: 'queue_depth' },
    )
    const exporter = new Exporter({
      url: `${server.address}/api/v1/otlp/v1/metrics`,
      headers: { Authorization: `Bearer ${await token('telemetry:write')}` },
    })
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
    const provider = new MeterProvider({
      resource: resourceFromAttributes({ 'service.name': name }),
      readers: [reader],
    })
    try {
      const meter = provider.getMeter('test')
      const requests = meter.createCounter('app.requests')
      meter.createObservableGauge('app.queue').addCallback((result) => result.observe(7))
      requests.add(5)
      await reader.forceFlush()
      requests.add(20)
      await reader.forceFlush()
      expect(await newestValue(id, 'queue_depth')).toBe(7)
      expect(await newestValue(id, 'requests_per_second')).toBeGreaterThan(0)
    } finally {
      await provider.shutdown()
    }
  })
})

const absent = noPrometheus()
if (absent) process.stderr.write(`The test with a real Prometheus is skipped: ${absent}.\n`)

describe.skipIf(absent !== null)('a real Prometheus', () => {
  it('scrapes our metrics and writes them to us', async () => {
    const id = await workload(
      'infrasage',
      { metric: 'infrasage_intake_requests_total', kind: 'counter', signal: 'requests_per_second' },
      { metric: 'process_cpu_seconds_total', kind: 'counter', signal: 'cpu_utilization_ratio' },
    )
    const prometheus = await startPrometheus({
      address: server.address,
      token: await token('telemetry:write'),
    })
    try {
      expect(await newestValue(id, 'cpu_utilization_ratio')).toBeGreaterThan(0)
      // Its own requests are what it then measures.
      expect(await newestValue(id, 'requests_per_second')).toBeGreaterThan(0)
      const text = await (await fetch(`${server.address}/metrics`)).text()
      expect(text).toMatch(/infrasage_intake_requests_total\{protocol="remote_write",status="204"\} [1-9]/)
      expect(text).toMatch(/infrasage_intake_samples_total\{source="remote_write",result="unmapped"\} [1-9]/)
    } catch (error) {
      throw new Error(`Prometheus printed:\n${prometheus.printed()}`, { cause: error })
    } finally {
      await prometheus.stop()
    }
  })
})
