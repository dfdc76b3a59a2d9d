import fc from 'fast-check'
import { compressSync } from 'snappy'
import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../kernel/errors.ts'
import type { IncomingSeries } from '../contract.ts'
import { encodeRemoteWrite, encodeWriteRequest } from '../testing/encode.ts'
import { refuseTooManyMessages } from './count-messages.ts'
import { decodeRemoteWrite } from './decode-remote-write.ts'
import { WriteRequestSchema } from './generated/remote_write_pb.ts'

const series: IncomingSeries[] = [
  {
    metric: 'http_requests_total',
    labels: { workload: 'chat', pod: 'a' },
    samples: [
      { at: 1_767_225_600_000, value: 12.5 },
      { at: 1_767_225_615_000, value: Number.NaN },
    ],
  },
  { metric: 'up', labels: {}, samples: [] },
]

async function refusal(body: Uint8Array): Promise<ServiceError> {
  const error = await decodeRemoteWrite(body).then(
    () => new Error('it was taken'),
    (thrown) => thrown,
  )
  expect(error).toBeInstanceOf(ServiceError)
  return error
}

/** A snappy block that declares a length and has nothing more. */
function declares(length: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest])
    bytes.push((rest % 128) | 0x80)
  }
}

describe('decodeRemoteWrite', () => {
  it('reads what Prometheus sends', async () => {
    expect(await decodeRemoteWrite(encodeRemoteWrite(series))).toEqual(series)
  })

  it('reads any series that can be sent', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((one) => !one.includes('\0'))
    const one = fc.record({
      metric: text,
      labels: fc.dictionary(
        text.filter((name) => name !== '__name__'),
        text,
        { noNullPrototype: true },
      ),
      samples: fc.array(fc.record({ at: fc.integer({ min: 0, max: 2 ** 45 }), value: fc.double() })),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 5 }), async (sent) => {
        expect(await decodeRemoteWrite(encodeRemoteWrite(sent))).toEqual(sent)
      }),
      { numRuns: 100 },
    )
  })

  it('judges the declared length before it unpacks', async () => {
    expect((await refusal(declares(2 ** 31))).code).toBe('too_large')
    const bomb = await refusal(declares(60 * 1024 * 1024))
    expect(bomb.message).toContain('which 4 bytes cannot hold')
  })

  it('unpacks the densest block that snappy makes', async () => {
    const dense = compressSync(Buffer.alloc(1_000_000))
    expect((await refusal(dense)).message).toContain('no prometheus.WriteRequest')
  })

  it('names what is wrong', async () => {
    expect((await refusal(new Uint8Array())).message).toContain('it is empty')
    expect((await refusal(Uint8Array.from([0xff, 0xff, 0xff, 0xff, 0xff]))).message).toContain('not a 32-bit')
    const body = encodeRemoteWrite(series)
    expect((await refusal(body.subarray(0, body.length - 4))).message).toContain('damaged or cut short')
    const message = encodeWriteRequest(series)
    const cut = compressSync(Buffer.from(message.subarray(0, message.length - 3)))
    expect((await refusal(cut)).message).toContain('no prometheus.WriteRequest')
    const nameless = encodeRemoteWrite([{ metric: '', labels: { a: 'b' }, samples: [] }])
    expect((await refusal(nameless)).message).toBe('timeseries[0] has no metric name.')
    const nul = encodeRemoteWrite([{ metric: 'a', labels: { a: 'b\0' }, samples: [] }])
    expect((await refusal(nul)).message).toContain('no proper text')
  })

  it('refuses more series than a transaction should hold', async () => {
    const many = Array.from({ length: 50_001 }, (_, index) => ({
      metric: `m${index}`,
      labels: {},
      samples: [],
    }))
    const error = await refusal(encodeRemoteWrite(many))
    expect(error.code).toBe('too_large')
    expect(error.message).toContain('50001 series; the limit is 50000')
  })

  it('counts parts without building them', () => {
    // 0a 00: an empty series, two bytes on the wire.
    const empty = new Uint8Array(200).map((_, index) => (index % 2 === 0 ? 0x0a : 0))
    expect(() => refuseTooManyMessages(empty, WriteRequestSchema, 100)).not.toThrow()
    expect(() => refuseTooManyMessages(empty, WriteRequestSchema, 99)).toThrow('more than 99 parts')
  })

  it('throws nothing but refusals, whatever is sent', async () => {
    const isRefused = async (body: Uint8Array) => {
      await decodeRemoteWrite(body).catch((error) => expect(error).toBeInstanceOf(ServiceError))
    }
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), isRefused), { numRuns: 300 })
    const packed = fc.uint8Array({ maxLength: 300 }).map((bytes) => compressSync(Buffer.from(bytes)))
    await fc.assert(fc.asyncProperty(packed, isRefused), { numRuns: 300 })
    const message = encodeWriteRequest(series)
    const damaged = fc
      .tuple(fc.nat(message.length - 1), fc.nat(255))
      .map(([index, byte]) => compressSync(Buffer.from(message.with(index, byte))))
    await fc.assert(fc.asyncProperty(damaged, isRefused), { numRuns: 300 })
  })
})
