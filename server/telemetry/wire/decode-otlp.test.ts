import { create, type MessageInitShape, toBinary, toJson } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../kernel/errors.ts'
import { decodeOtlp } from './decode-otlp.ts'
import { ExportMetricsServiceRequestSchema, type MetricSchema } from './generated/otlp_metrics_pb.ts'

const start = 1_767_225_600_000_000_000n
const second = 1_000_000_000n
const at = Number((start + 10n * second) / 1_000_000n)
const attribute = (key: string, value: string) => ({
  key,
  value: { value: { case: 'stringValue' as const, value } },
})
const times = { startTimeUnixNano: start, timeUnixNano: start + 10n * second }
const number = (value: number) => ({
  ...times,
  attributes: [attribute('workload', 'chat')],
  value: { case: 'asDouble' as const, value },
})

function request(...metrics: MessageInitShape<typeof MetricSchema>[]) {
  const resource = { attributes: [attribute('service.name', 'api'), attribute('workload', 'other')] }
  return create(ExportMetricsServiceRequestSchema, {
    resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }],
  })
}
const binary = (message: ReturnType<typeof request>) => toBinary(ExportMetricsServiceRequestSchema, message)
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const decode = (...metrics: MessageInitShape<typeof MetricSchema>[]) =>
  decodeOtlp(binary(request(...metrics)), 'protobuf')

const sum = (aggregationTemporality: number, isMonotonic: boolean, value: number) => ({
  name: 'requests',
  data: { case: 'sum' as const, value: { aggregationTemporality, isMonotonic, dataPoints: [number(value)] } },
})
const histogram = (aggregationTemporality: number) => ({
  name: 'latency',
  data: {
    case: 'histogram' as const,
    value: {
      aggregationTemporality,
      dataPoints: [
        { ...times, count: 100n, sum: 50, explicitBounds: [10, 20, 40], bucketCounts: [0n, 90n, 10n, 0n] },
      ],
    },
  },
})

describe('decodeOtlp', () => {
  it('takes labels from the resource and the point, which wins', () => {
    const { series } = decode({ name: 'depth', data: { case: 'gauge', value: { dataPoints: [number(3)] } } })
    expect(series).toEqual([
      {
        metric: 'depth',
        kind: 'gauge',
        labels: { 'service.name': 'api', workload: 'chat' },
        samples: [{ at, value: 3 }],
      },
    ])
  })

  it('reads sums by their temporality', () => {
    expect(decode(sum(2, true, 40)).series[0]).toMatchObject({
      kind: 'counter',
      samples: [{ at, value: 40 }],
    })
    expect(decode(sum(2, false, 40)).series[0]).toMatchObject({ kind: 'gauge', samples: [{ at, value: 40 }] })
    // 40 in ten seconds.
    expect(decode(sum(1, true, 40)).series[0]).toMatchObject({ kind: 'gauge', samples: [{ at, value: 4 }] })
    expect(decode(sum(1, false, 40))).toMatchObject({ series: [], unsupportedPoints: 1 })
  })

  it('makes count and sum of histograms, and a p99 of deltas', () => {
    const values = (temporality: number) =>
      decode(histogram(temporality)).series.map(({ metric, kind, samples }) => [
        metric,
        kind,
        samples[0]?.value,
      ])
    expect(values(2)).toEqual([
      ['latency_count', 'counter', 100],
      ['latency_sum', 'counter', 50],
    ])
    expect(values(1)).toEqual([
      ['latency_count', 'gauge', 10],
      ['latency_sum', 'gauge', 5],
      ['latency_p99', 'gauge', 38],
    ])
  })

  it('counts what it does not read, and says why', () => {
    const point = {}
    const decoded = decode(
      { name: 's', data: { case: 'summary', value: { dataPoints: [point, point] } } },
      { name: 'e', data: { case: 'exponentialHistogram', value: { dataPoints: [point] } } },
    )
    expect(decoded).toMatchObject({ series: [], points: 3, unsupportedPoints: 3 })
    expect(decoded.unsupportedExamples).toHaveLength(2)
    expect(decoded.unsupportedExamples[0]).toContain('summaries are not read')
  })

  it('takes a point without a recorded value for no number', () => {
    const point = { ...number(3), flags: 1 }
    const { series } = decode({ name: 'depth', data: { case: 'gauge', value: { dataPoints: [point] } } })
    expect(series[0]?.samples[0]?.value).toBeNaN()
  })

  it('reads JSON as it reads protobuf', () => {
    const message = request(sum(2, true, 40), histogram(1))
    const json = text(toJson(ExportMetricsServiceRequestSchema, message))
    expect(decodeOtlp(json, 'json')).toEqual(decodeOtlp(binary(message), 'protobuf'))
  })

  it('reads the JSON of the specification, with fields that it does not know', () => {
    const body = text({
      resourceMetrics: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'my.service' } }] },
          somethingNew: [1, { two: 3 }],
          scopeMetrics: [
            {
              scope: { name: 'my.library', version: '1.0.0' },
              metrics: [
                {
                  name: 'my.counter',
                  unit: '1',
                  sum: {
                    aggregationTemporality: 2,
                    isMonotonic: true,
                    dataPoints: [
                      {
                        asInt: '5',
                        startTimeUnixNano: '1544712660300000000',
                        timeUnixNano: '1544712660300000000',
                      },
                    ],
                  },
                },
              ],
            },
          ],
        },
      ],
    })
    expect(decodeOtlp(body, 'json').series).toEqual([
      {
        metric: 'my.counter',
        kind: 'counter',
        labels: { 'service.name': 'my.service' },
        samples: [{ at: 1_544_712_660_300, value: 5 }],
      },
    ])
  })

  it('names what is malformed', () => {
    const json = (body: unknown) => () => decodeOtlp(text(body), 'json')
    expect(json({ resourceMetrics: 5 })).toThrow('The body is no ExportMetricsServiceRequest')
    expect(json({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 7 }] }] }] })).toThrow(/name/)
    expect(() => decodeOtlp(Uint8Array.from([0x0a, 0x05, 0x01]), 'protobuf')).toThrow(ServiceError)
    expect(() => decodeOtlp(Uint8Array.from([0xff, 0xfe]), 'json')).toThrow(ServiceError)
  })

  it('throws nothing but refusals, whatever is sent', () => {
    const isRefused = (body: Uint8Array, encoding: 'protobuf' | 'json') => {
      try {
        decodeOtlp(body, encoding)
      } catch (error) {
        expect(error).toBeInstanceOf(ServiceError)
      }
    }
    const message = binary(request(sum(1, true, 40), histogram(1)))
    const damaged = fc
      .tuple(fc.nat(message.length - 1), fc.nat(255))
      .map(([index, byte]) => message.with(index, byte))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (body) => isRefused(body, 'protobuf')))
    fc.assert(
      fc.property(damaged, (body) => isRefused(body, 'protobuf')),
      { numRuns: 500 },
    )
    fc.assert(fc.property(fc.json(), (body) => isRefused(new TextEncoder().encode(body), 'json')))
    fc.assert(
      fc.property(fc.anything(), (value) => isRefused(text({ resourceMetrics: [value ?? null] }), 'json')),
    )
  })
})
