import { gzipSync } from 'node:zlib'
import { create, fromBinary, toBinary, toJson } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Context } from '../../kernel/context.ts'
import type { ServiceError } from '../../kernel/errors.ts'
import { createLogger } from '../../kernel/log.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
} from '../../runtime/testing/index.ts'
import { encodeRemoteWrite, remoteWriteHeaders } from '../testing/encode.ts'
import { createTestMappings, createTestWorkload, firstStep } from '../testing/set-up.ts'
import {
  ExportMetricsServiceRequestSchema,
  ExportMetricsServiceResponseSchema,
  StatusSchema,
} from '../wire/generated/otlp_metrics_pb.ts'
import { receiveOtlp } from './receive-otlp.ts'
import { receiveRemoteWrite } from './receive-remote-write.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await createTestMappings(database.db)
})
afterAll(() => database.dispose())
const setUp = () => createTestWorkload(database.db)

const post = (body: BodyInit | null, headers: Record<string, string>) =>
  new Request('http://localhost/', { method: 'POST', headers, body })

describe('remote write', () => {
  const refusal = (ctx: Context, body: BodyInit | null, headers: Record<string, string>) =>
    receiveRemoteWrite(ctx, post(body, headers)).then(
      () => {
        throw new Error('it was taken')
      },
      (error: ServiceError) => error,
    )

  it('stores and answers 204 with what it did', async () => {
    const { ctx, series, values } = await setUp()
    const sent = [
      series('requests_per_second', [
        [0, 4],
        [30, 8],
      ]),
      series('unknown', [[0, 1]]),
    ]
    const response = await receiveRemoteWrite(ctx, post(encodeRemoteWrite(sent), remoteWriteHeaders))
    expect(response.status).toBe(204)
    expect(response.headers.get('X-InfraSage-Receipt')).toContain('stored=2')
    expect(response.headers.get('X-InfraSage-Receipt')).toContain('unmappedSeries=1')
    expect(await values('requests_per_second', 1)).toEqual([6])
  })

  it('says which content it takes', async () => {
    const { ctx } = await setUp()
    const body = encodeRemoteWrite([])
    const json = await refusal(ctx, body, { ...remoteWriteHeaders, 'Content-Type': 'application/json' })
    expect(json).toMatchObject({ code: 'unsupported' })
    expect(json.message).toContain('/api/v1/otlp/v1/metrics')
    const v2 = 'application/x-protobuf;proto=io.prometheus.write.v2.Request'
    const second = await refusal(ctx, body, { ...remoteWriteHeaders, 'Content-Type': v2 })
    expect(second.message).toContain('protobuf_message: prometheus.WriteRequest')
    const plain = await refusal(ctx, body, { 'Content-Type': 'application/x-protobuf' })
    expect(plain).toMatchObject({ code: 'unsupported' })
  })

  it('refuses a body that is too large before it is read, or while', async () => {
    const { ctx } = await setUp()
    const declared = { ...remoteWriteHeaders, 'Content-Length': String(17 * 1024 * 1024) }
    expect(await refusal(ctx, encodeRemoteWrite([]), declared)).toMatchObject({ code: 'too_large' })
    const chunk = new Uint8Array(1024 * 1024)
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(chunk) })
    const request = new Request('http://localhost/', {
      method: 'POST',
      headers: remoteWriteHeaders,
      body: endless,
      duplex: 'half',
    } as RequestInit)
    await expect(receiveRemoteWrite(ctx, request)).rejects.toMatchObject({ code: 'too_large' })
  })

  it('asks who it is before it reads', async () => {
    const { ctx } = await setUp()
    const auditor = { ...ctx, actor: await createTestPerson(database.db, 'auditor') }
    expect(await refusal(auditor, 'x', {})).toMatchObject({ code: 'forbidden' })
    const nobody = { ...ctx, actor: { kind: 'anonymous' as const } }
    expect(await refusal(nobody, 'x', {})).toMatchObject({ code: 'unauthenticated' })
  })
})

describe('OTLP', () => {
  const message = (metrics: { name: string; workload: string; value: number }[]) =>
    create(ExportMetricsServiceRequestSchema, {
      resourceMetrics: metrics.map(({ name, workload, value }) => ({
        resource: {
          attributes: [
            { key: 'workload', value: { value: { case: 'stringValue' as const, value: workload } } },
          ],
        },
        scopeMetrics: [
          {
            metrics: [
              {
                name,
                data: {
                  case: 'gauge' as const,
                  value: {
                    dataPoints: [
                      {
                        timeUnixNano: BigInt(firstStep) * 1_000_000n,
                        value: { case: 'asDouble' as const, value },
                      },
                    ],
                  },
                },
              },
            ],
          },
        ],
      })),
    })
  const binary = (metrics: Parameters<typeof message>[0]) =>
    Buffer.from(toBinary(ExportMetricsServiceRequestSchema, message(metrics)))
  const protobuf = { 'Content-Type': 'application/x-protobuf' }
  const json = { 'Content-Type': 'application/json; charset=utf-8' }
  const send = (ctx: Context, body: BodyInit, headers: Record<string, string>) =>
    receiveOtlp(post(body, headers), async () => ctx)

  it('stores protobuf, plain or in gzip, and answers in kind', async () => {
    const { ctx, workload, values } = await setUp()
    const body = binary([{ name: 'requests_per_second', workload: workload.name, value: 4 }])
    for (const [encoded, headers] of [
      [body, protobuf],
      [gzipSync(body), { ...protobuf, 'Content-Encoding': 'gzip' }],
    ] as const) {
      const response = await send(ctx, encoded, headers)
      expect(response.status).toBe(200)
      expect(response.headers.get('Content-Type')).toBe('application/x-protobuf')
      const answer = fromBinary(
        ExportMetricsServiceResponseSchema,
        new Uint8Array(await response.arrayBuffer()),
      )
      expect(answer.partialSuccess).toBeUndefined()
    }
    expect(await values('requests_per_second', 1)).toEqual([4])
  })

  it('stores JSON, and names the points that nobody claims', async () => {
    const { ctx, workload, values } = await setUp()
    const sent = message([
      { name: 'requests_per_second', workload: workload.name, value: 5 },
      { name: 'other', workload: workload.name, value: 5 },
    ])
    const body = JSON.stringify(toJson(ExportMetricsServiceRequestSchema, sent))
    const response = await send(ctx, body, json)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      partialSuccess: {
        rejectedDataPoints: '1',
        errorMessage: expect.stringContaining('no mapping claims it'),
      },
    })
    expect(await values('requests_per_second', 1)).toEqual([5])
  })

  it('refuses with a google.rpc.Status in the encoding of the request', async () => {
    const { ctx } = await setUp()
    const broken = await send(ctx, Buffer.from([0x0a, 0x7f]), protobuf)
    expect(broken.status).toBe(400)
    expect(fromBinary(StatusSchema, new Uint8Array(await broken.arrayBuffer()))).toMatchObject({
      code: 3,
      message: expect.stringContaining('no ExportMetricsServiceRequest'),
    })
    const noJson = await send(ctx, '{"resourceMetrics":', json)
    expect(noJson.status).toBe(400)
    expect(await noJson.json()).toMatchObject({ code: 3 })
    const status = async (body: BodyInit, headers: Record<string, string>) =>
      (await send(ctx, body, headers)).status
    expect(await status('', { 'Content-Type': 'text/plain' })).toBe(415)
    expect(await status('', { ...protobuf, 'Content-Encoding': 'br' })).toBe(415)
    expect(await status('no gzip', { ...protobuf, 'Content-Encoding': 'gzip' })).toBe(400)
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024))
    expect(await status(bomb, { ...protobuf, 'Content-Encoding': 'gzip' })).toBe(413)
    const nobody = { ...ctx, actor: { kind: 'anonymous' as const } }
    expect((await send(nobody, '', protobuf)).status).toBe(401)
  })

  it('says in the server’s log whom it turned away', async () => {
    const { ctx } = await setUp()
    const log = createLogger('test')
    const lines: unknown[] = []
    log.warn = (line: unknown) => void lines.push(line)
    const auditor = await createTestPerson(database.db, 'auditor')
    expect((await send({ ...ctx, log, actor: auditor }, '', protobuf)).status).toBe(403)
    expect((await send({ ...ctx, log }, '', protobuf)).status).toBe(200)
    expect(lines).toEqual([{ requestId: ctx.requestId, code: 'forbidden', who: auditor.userId }])
  })

  it('asks to be sent again when the failure is ours', async () => {
    const { workload } = await setUp()
    const ctx = testContext({ db: database.db, queue: { send: () => Promise.reject(new Error('down')) } })
    const at = (value: number) => ({ name: 'requests_per_second', workload: workload.name, value })
    expect((await send(ctx, binary([at(1)]), protobuf)).status).toBe(200)
    const later = message([at(2)])
    const point = later.resourceMetrics[0]?.scopeMetrics[0]?.metrics[0]?.data
    if (point?.case === 'gauge' && point.value.dataPoints[0]) {
      point.value.dataPoints[0].timeUnixNano += 60_000_000_000n
    }
    const response = await send(ctx, JSON.stringify(toJson(ExportMetricsServiceRequestSchema, later)), json)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 14, message: expect.not.stringContaining('down') })
  })
})
