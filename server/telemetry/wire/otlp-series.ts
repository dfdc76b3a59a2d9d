import type { IncomingSeries } from '../contract.ts'
import type {
  ExportMetricsServiceRequest,
  HistogramDataPoint,
  KeyValue,
  Metric,
  NumberDataPoint,
} from './generated/otlp_metrics_pb.ts'
import { histogramQuantile } from './histogram-quantile.ts'

export type OtlpSeries = {
  series: IncomingSeries[]
  points: number
  unsupportedPoints: number
  /** The first few, in words. */
  unsupportedExamples: string[]
}

type Labels = Record<string, string>
type Series = Omit<IncomingSeries, 'labels'>
/** The series of one data point, or why there are none. */
type Reading = Series[] | string

const delta = 1
const cumulative = 2
const noRecordedValue = 1
const maxExamples = 5

/** Makes series of all data points, each with one sample; equal ones are put together when they are stored. */
export function flattenOtlp(request: ExportMetricsServiceRequest): OtlpSeries {
  const result: OtlpSeries = { series: [], points: 0, unsupportedPoints: 0, unsupportedExamples: [] }
  for (const { resource, scopeMetrics } of request.resourceMetrics) {
    const ofResource = labelsOf(resource?.attributes ?? [])
    for (const metric of scopeMetrics.flatMap((scope) => scope.metrics)) {
      for (const { attributes, reading } of readMetric(metric)) {
        result.points++
        if (typeof reading === 'string') {
          result.unsupportedPoints++
          const example = `${metric.name || '(no name)'}: ${reading}`
          const { unsupportedExamples: seen } = result
          if (seen.length < maxExamples && !seen.includes(example)) seen.push(example)
        } else {
          const labels = { ...ofResource, ...labelsOf(attributes) }
          for (const series of reading) result.series.push({ ...series, labels })
        }
      }
    }
  }
  return result
}

function readMetric(metric: Metric): { attributes: KeyValue[]; reading: Reading }[] {
  const { name, data } = metric
  switch (data.case) {
    case 'gauge':
      return data.value.dataPoints.map((point) => ({
        attributes: point.attributes,
        reading: name ? readNumber(name, 'gauge', point) : 'the metric has no name',
      }))
    case 'sum': {
      const { aggregationTemporality, isMonotonic } = data.value
      return data.value.dataPoints.map((point) => ({
        attributes: point.attributes,
        reading: name ? readSum(name, aggregationTemporality, isMonotonic, point) : 'the metric has no name',
      }))
    }
    case 'histogram': {
      const { aggregationTemporality } = data.value
      return data.value.dataPoints.map((point) => ({
        attributes: point.attributes,
        reading: name ? readHistogram(name, aggregationTemporality, point) : 'the metric has no name',
      }))
    }
    case 'exponentialHistogram':
    case 'summary': {
      const kind = data.case === 'summary' ? 'summaries' : 'exponential histograms'
      const reading = `${kind} are not read; send a gauge, a sum or an explicit-bucket histogram`
      return data.value.dataPoints.map(() => ({ attributes: [], reading }))
    }
    default:
      return []
  }
}

function readNumber(metric: string, kind: 'gauge' | 'counter', point: NumberDataPoint): Reading {
  const value = point.flags & noRecordedValue ? Number.NaN : numberOf(point)
  return [{ metric, kind, samples: [{ at: milliseconds(point.timeUnixNano), value }] }]
}

/** A delta over a known time is a rate, and is kept as that; a delta of an unsteady sum would need its past. */
function readSum(metric: string, temporality: number, isMonotonic: boolean, point: NumberDataPoint): Reading {
  if (temporality === cumulative) return readNumber(metric, isMonotonic ? 'counter' : 'gauge', point)
  if (temporality !== delta) return 'the sum has no aggregation temporality'
  if (!isMonotonic) return 'a delta sum must be monotonic; send up-down counters as cumulative'
  const seconds = spanSeconds(point)
  if (seconds === null) return 'a delta point needs startTimeUnixNano before timeUnixNano'
  const value = point.flags & noRecordedValue ? Number.NaN : numberOf(point) / seconds
  return [{ metric, kind: 'gauge', samples: [{ at: milliseconds(point.timeUnixNano), value }] }]
}

function readHistogram(name: string, temporality: number, point: HistogramDataPoint): Reading {
  const at = milliseconds(point.timeUnixNano)
  const recorded = !(point.flags & noRecordedValue)
  const series = (metric: string, kind: 'gauge' | 'counter', value: number): Series => ({
    metric,
    kind,
    samples: [{ at, value: recorded ? value : Number.NaN }],
  })
  const count = Number(point.count)
  if (temporality === cumulative) {
    const sum = point.sum === undefined ? [] : [series(`${name}_sum`, 'counter', point.sum)]
    return [series(`${name}_count`, 'counter', count), ...sum]
  }
  if (temporality !== delta) return 'the histogram has no aggregation temporality'
  const seconds = spanSeconds(point)
  if (seconds === null) return 'a delta point needs startTimeUnixNano before timeUnixNano'
  const sum = point.sum === undefined ? [] : [series(`${name}_sum`, 'gauge', point.sum / seconds)]
  const p99 = histogramQuantile(0.99, point.explicitBounds, point.bucketCounts.map(Number))
  return [
    series(`${name}_count`, 'gauge', count / seconds),
    ...sum,
    ...(p99 === null ? [] : [series(`${name}_p99`, 'gauge', p99)]),
  ]
}

function numberOf({ value }: NumberDataPoint): number {
  return value.case === undefined ? Number.NaN : Number(value.value)
}

const milliseconds = (nanoseconds: bigint) => Number(nanoseconds / 1_000_000n)

function spanSeconds(point: { startTimeUnixNano: bigint; timeUnixNano: bigint }): number | null {
  const nanoseconds = point.timeUnixNano - point.startTimeUnixNano
  return point.startTimeUnixNano > 0n && nanoseconds > 0n ? Number(nanoseconds) / 1e9 : null
}

/** Attributes of plain values; lists and maps choose no workload and are left out. */
function labelsOf(attributes: KeyValue[]): Labels {
  return Object.fromEntries(
    attributes.flatMap(({ key, value }) =>
      value?.value.case === undefined ? [] : [[key, String(value.value.value)]],
    ),
  )
}
