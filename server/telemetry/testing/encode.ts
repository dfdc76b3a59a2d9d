import { create, toBinary } from '@bufbuild/protobuf'
import { compressSync } from 'snappy'
import type { IncomingSeries } from '../contract.ts'
import { WriteRequestSchema } from '../wire/generated/remote_write_pb.ts'

/** The protobuf message that a Prometheus would send of these series. */
export function encodeWriteRequest(series: IncomingSeries[]): Uint8Array {
  return toBinary(
    WriteRequestSchema,
    create(WriteRequestSchema, {
      timeseries: series.map(({ metric, labels, samples }) => ({
        labels: Object.entries({ __name__: metric, ...labels }).map(([name, value]) => ({ name, value })),
        samples: samples.map(({ at, value }) => ({ timestamp: BigInt(at), value })),
      })),
    }),
  )
}

/** The body of a remote write 1.0 request. */
export function encodeRemoteWrite(series: IncomingSeries[]): Buffer<ArrayBuffer> {
  return Buffer.from(compressSync(encodeWriteRequest(series)))
}

export const remoteWriteHeaders = {
  'Content-Type': 'application/x-protobuf',
  'Content-Encoding': 'snappy',
  'X-Prometheus-Remote-Write-Version': '0.1.0',
} as const
