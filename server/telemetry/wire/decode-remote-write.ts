import { fromBinary } from '@bufbuild/protobuf'
import { InvalidInputError, ServiceError } from '../../kernel/errors.ts'
import type { IncomingSeries } from '../contract.ts'
import { checkSeries, maxMessages } from './check-series.ts'
import { refuseTooManyMessages } from './count-messages.ts'
import { type TimeSeries, type WriteRequest, WriteRequestSchema } from './generated/remote_write_pb.ts'
import { uncompressBlock } from './snappy-block.ts'

/**
 * Decodes the body of a Prometheus remote write 1.0 request: a `prometheus.WriteRequest` in a snappy block.
 * Exemplars, native histograms and metadata are not read.
 * @throws InvalidInputError that names what is malformed; TooLargeError beyond the limits of the intake.
 */
export async function decodeRemoteWrite(body: Uint8Array): Promise<IncomingSeries[]> {
  const series = parse(await uncompressBlock(body)).timeseries.map(toSeries)
  checkSeries(series)
  return series
}

function parse(bytes: Uint8Array): WriteRequest {
  try {
    refuseTooManyMessages(bytes, WriteRequestSchema, maxMessages)
    return fromBinary(WriteRequestSchema, bytes, { readUnknownFields: false })
  } catch (error) {
    if (error instanceof ServiceError) throw error
    const problem = error instanceof Error ? error.message : String(error)
    throw new InvalidInputError(`The body is no prometheus.WriteRequest: ${problem}.`, [
      {
        path: 'body',
        message: problem,
        expected: 'the protobuf message prometheus.WriteRequest of remote write 1.0, in a snappy block',
      },
    ])
  }
}

function toSeries({ labels, samples }: TimeSeries, index: number): IncomingSeries {
  const { __name__: metric, ...others } = Object.fromEntries(labels.map(({ name, value }) => [name, value]))
  if (!metric) {
    throw new InvalidInputError(`timeseries[${index}] has no metric name.`, [
      {
        path: `timeseries[${index}].labels`,
        message: 'the label "__name__" is missing or empty',
        expected: 'a label "__name__" that holds the name of the metric',
      },
    ])
  }
  return {
    metric,
    labels: others,
    samples: samples.map(({ timestamp, value }) => ({ at: Number(timestamp), value })),
  }
}
