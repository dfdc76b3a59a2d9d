import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** What this process counts about itself; served as `/metrics`. */
export type Metrics = {
  registry: Registry
  intakeRequests: Counter<'protocol' | 'status'>
  intakeSamples: Counter<'source' | 'result'>
  intakeUnmappedSeries: Counter<'source'>
  intakeSeconds: Histogram<'protocol'>
}

function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  return {
    registry,
    intakeRequests: new Counter({
      name: 'infrasage_intake_requests_total',
      help: 'Requests to the telemetry intake by protocol and HTTP status',
      labelNames: ['protocol', 'status'],
      registers,
    }),
    intakeSamples: new Counter({
      name: 'infrasage_intake_samples_total',
      help: 'Samples received by source and by what became of them',
      labelNames: ['source', 'result'],
      registers,
    }),
    intakeUnmappedSeries: new Counter({
      name: 'infrasage_intake_unmapped_series_total',
      help: 'Series dropped because no mapping or no workload claims them',
      labelNames: ['source'],
      registers,
    }),
    intakeSeconds: new Histogram({
      name: 'infrasage_intake_request_seconds',
      help: 'Time from the first byte of an intake request to its answer',
      labelNames: ['protocol'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  }
}

// On globalThis: the bundler may give every route a copy of this module, and all copies must count as one.
const holder: { infrasageMetrics?: Metrics } = globalThis as typeof globalThis & {
  infrasageMetrics?: Metrics
}

/** The one set of counters of this process. */
export function metrics(): Metrics {
  holder.infrasageMetrics ??= createMetrics()
  return holder.infrasageMetrics
}
