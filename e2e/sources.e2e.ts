import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { expect, type Page, test } from '@playwright/test'
import { startTestProduct, type TestProduct } from '../server/runtime/testing/product.ts'
import { noPrometheus, startPrometheus } from '../server/runtime/testing/prometheus.ts'

const root = path.resolve(import.meta.dirname, '..')
let product: TestProduct

test.beforeAll(async () => {
  test.setTimeout(300_000)
  product = await startTestProduct()
})
test.afterAll(() => product.stop())

/** An API key of the admin's, made as an operator of the installation makes one. */
async function apiKey(...scopes: string[]): Promise<string> {
  const owner = product.signIns.find(({ role }) => role === 'admin')?.email ?? ''
  const args = ['server/cli/main.ts', 'api-key', 'create', '--name', 'sources', '--owner', owner]
  const env = { ...process.env, INFRASAGE_DATA_DIR: product.dataDir }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...args, ...scopes.flatMap((scope) => ['--scope', scope])],
    { cwd: root, env },
  )
  return stdout.trim()
}

async function declare(
  key: string,
  what: 'workloads' | 'mappings',
  body: Record<string, unknown>,
): Promise<void> {
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }
  const url = `${product.address}/api/v1/${what}`
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(response.ok, await response.text()).toBe(true)
}

/** A workload whose demand is one metric. */
async function declareWorkload(
  name: string,
  demandSignal: string,
  mapping: Record<string, unknown>,
): Promise<void> {
  const key = await apiKey('administer', 'read')
  await declare(key, 'workloads', {
    ...{ name, title: name, kind: 'inference', environment: 'test', team: 'test', stepSeconds: 5 },
    ...{ dataClassification: 'internal', requiredSecurityTier: 1, objectiveP99Ms: 500, demandSignal },
  })
  await declare(key, 'mappings', { priority: 1, workloadName: name, signal: demandSignal, ...mapping })
}

async function openWorkload(page: Page, name: string): Promise<void> {
  const operator = product.signIns.find(({ role }) => role === 'operator')
  await page.goto(`${product.address}/sign-in?from=${encodeURIComponent(`/workloads/${name}`)}`)
  await page.getByLabel('E-mail address').fill(operator?.email ?? '')
  await page.getByLabel('Password').fill(operator?.password ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name })).toBeVisible()
}

/** Shows the numbers of the demand, and waits until one of them matches. */
async function expectDemand(page: Page, value: RegExp): Promise<void> {
  const toNumbers = page.getByRole('button', { name: /: show the numbers$/ }).first()
  await toNumbers.click()
  await expect(page.getByRole('figure').first().getByRole('cell', { name: value }).first()).toBeVisible({
    timeout: 60_000,
  })
}

test('a real OpenTelemetry SDK is seen on the screen', async ({ page }) => {
  await declareWorkload('otel-app', 'queue_depth', { metric: 'app.queue', kind: 'gauge' })
  const exporter = new OTLPMetricExporter({
    url: `${product.address}/api/v1/otlp/v1/metrics`,
    headers: { Authorization: `Bearer ${await apiKey('telemetry:write')}` },
  })
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': 'otel-app' }),
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1_000 })],
  })
  const queue = provider.getMeter('test').createObservableGauge('app.queue')
  queue.addCallback((result) => result.observe(7))
  try {
    await openWorkload(page, 'otel-app')
    await expectDemand(page, /^7(\.0+)?\sreq$/)
  } finally {
    await provider.shutdown()
  }
})

test('a real Prometheus scrapes us, writes to us, and is seen on the screen', async ({ page }) => {
  test.skip(noPrometheus() !== null, noPrometheus() ?? '')
  await declareWorkload('infrasage', 'requests_per_second', {
    ...{ metric: 'infrasage_intake_requests_total', kind: 'counter' },
    matchLabels: { workload: 'infrasage' },
  })
  const prometheus = await startPrometheus({
    address: product.address,
    token: await apiKey('telemetry:write'),
  })
  try {
    await openWorkload(page, 'infrasage')
    await expectDemand(page, /^[\d.]*[1-9]\d*\sreq\/s$/)
  } finally {
    await prometheus.stop()
  }
})
