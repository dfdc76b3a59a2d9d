import { fromBinary, fromJsonString } from '@bufbuild/protobuf'
import { InvalidInputError, ServiceError, TooLargeError } from '../../kernel/errors.ts'
import { checkSeries, maxMessages } from './check-series.ts'
import { refuseTooManyMessages } from './count-messages.ts'
import {
  type ExportMetricsServiceRequest,
  ExportMetricsServiceRequestSchema,
} from './generated/otlp_metrics_pb.ts'
import { flattenOtlp, type OtlpSeries } from './otlp-series.ts'

export type OtlpEncoding = 'protobuf' | 'json'

/** Text takes many times its size once parsed; this is what one request may cost. */
const maxJsonBytes = 16 * 1024 * 1024

/**
 * Decodes an OTLP `ExportMetricsServiceRequest`. Labels are the resource's attributes and the data point's, which win;
 * names stay as sent (`service.name`). Gauges and sums become one series each; a histogram becomes `<name>_count` and
 * `<name>_sum`, and with delta temporality `<name>_p99`. What cannot be read is counted in `unsupportedPoints`.
 * @throws InvalidInputError that names what is malformed; TooLargeError beyond the limits of the intake.
 */
export function decodeOtlp(body: Uint8Array, encoding: OtlpEncoding): OtlpSeries {
  const decoded = flattenOtlp(encoding === 'json' ? parseJson(body) : parseBinary(body))
  checkSeries(decoded.series)
  return decoded
}

function parseBinary(body: Uint8Array): ExportMetricsServiceRequest {
  try {
    refuseTooManyMessages(body, ExportMetricsServiceRequestSchema, maxMessages)
    return fromBinary(ExportMetricsServiceRequestSchema, body, { readUnknownFields: false })
  } catch (error) {
    throw malformed(error, 'the protobuf message ExportMetricsServiceRequest of OTLP 1')
  }
}

function parseJson(body: Uint8Array): ExportMetricsServiceRequest {
  if (body.length > maxJsonBytes) {
    throw new TooLargeError(
      `The body has ${body.length} bytes of JSON; the limit is ${maxJsonBytes}. Send fewer points in a request, or protobuf.`,
    )
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    return fromJsonString(ExportMetricsServiceRequestSchema, text, { ignoreUnknownFields: true })
  } catch (error) {
    throw malformed(error, 'an ExportMetricsServiceRequest in the JSON encoding of OTLP 1')
  }
}

function malformed(error: unknown, expected: string): ServiceError {
  if (error instanceof ServiceError) return error
  const problem = error instanceof Error ? error.message : String(error)
  return new InvalidInputError(`The body is no ExportMetricsServiceRequest: ${problem}.`, [
    { path: 'body', message: problem, expected },
  ])
}
