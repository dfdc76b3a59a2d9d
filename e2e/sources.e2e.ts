import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { noPrometheus, startPrometheus } from '../server/runtime/testing/prometheus.ts'
import { product } from './support/product.ts'
import { expect, type Page, test } from './support/test.ts'

/** An API key that may write telemetry, made by the admin in the browser, as it is shown there once. */
async function makeKey(admin: Page, name: string): Promise<string> {
  await admin.goto('/people')
  await admin.getByRole('button', { name: 'New API key' }).click()
  const dialog = admin.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('telemetry:write').check()
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  return dialog.getByRole('code').innerText()
}

/** Declares over REST, with the session of the admin. */
async function declare(admin: Page, what: 'workloads' | 'mappings', data: object): Promise<void> {
  const headers = { origin: product().address }
  const response = await admin.request.post(`/api/v1/${what}`, { data, headers })
  expect(response.ok(), await response.text()).toBe(true)
}

/** A workload whose demand is one metric. */
async function declareWorkload(
  admin: Page,
  name: string,
  demandSignal: string,
  mapping: Record<string, unknown>,
): Promise<void> {
  await declare(admin, 'workloads', {
    ...{ name, title: name, kind: 'inference', environment: 'test', team: 'test', stepSeconds: 5 },
    ...{ dataClassification: 'internal', requiredSecurityTier: 1, objectiveP99Ms: 500, demandSignal },
  })
  await declare(admin, 'mappings', { priority: 1, workloadName: name, signal: demandSignal, ...mapping })
}

/** Shows the numbers of a workload's demand, and waits until one of them matches. */
async function expectDemand(page: Page, name: string, value: RegExp): Promise<void> {
  await page.goto(`/workloads/${name}`)
  await page
    .getByRole('button', { name: /: show the numbers$/ })
    .first()
    .click()
  await expect(page.getByRole('figure').first().getByRole('cell', { name: value }).first()).toBeVisible({
    timeout: 60_000,
  })
}

test('a real OpenTelemetry SDK is seen on the screen', async ({ admin, operator }) => {
  await declareWorkload(admin, 'otel-app', 'queue_depth', { metric: 'app.queue', kind: 'gauge' })
  const exporter = new OTLPMetricExporter({
    url: `${product().address}/api/v1/otlp/v1/metrics`,
    headers: { Authorization: `Bearer ${await makeKey(admin, 'otel-app')}` },
  })
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': 'otel-app' }),
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1_000 })],
  })
  const queue = provider.getMeter('test').createObservableGauge('app.queue')
  queue.addCallback((result) => result.observe(7))
  try {
    await expectDemand(operator, 'otel-app', /^7(\.0+)?\sreq$/)
  } finally {
    await provider.shutdown()
  }
})

test('a real Prometheus scrapes us, writes to us, and is seen on the screen', async ({ admin, operator }) => {
  test.skip(noPrometheus() !== null, noPrometheus() ?? '')
  await declareWorkload(admin, 'infrasage', 'requests_per_second', {
    ...{ metric: 'infrasage_intake_requests_total', kind: 'counter' },
    matchLabels: { workload: 'infrasage' },
  })
  const prometheus = await startPrometheus({
    address: product().address,
    token: await makeKey(admin, 'prometheus'),
  })
  try {
    await expectDemand(operator, 'infrasage', /^[\d.]*[1-9]\d*\sreq\/s$/)
  } finally {
    await prometheus.stop()
  }
})
