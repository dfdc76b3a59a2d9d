import { authorise, type Context } from '../../kernel/context.ts'
import { UnsupportedError } from '../../kernel/errors.ts'
import type { WriteReceipt } from '../contract.ts'
import { decodeOtlp, type OtlpEncoding } from '../wire/decode-otlp.ts'
import type { OtlpSeries } from '../wire/otlp-series.ts'
import { write } from '../write.ts'
import { countReceipt } from './count-intake.ts'
import { mediaType } from './media-type.ts'
import { otlpRefusal, otlpSuccess } from './otlp-answers.ts'
import { gunzipBody, readBody } from './read-body.ts'

/**
 * OTLP/HTTP metrics, protobuf or JSON: answers 200 with an ExportMetricsServiceResponse in the encoding of the request,
 * its `partialSuccess` naming what was left out; a refusal carries a google.rpc.Status. An exporter sends again after
 * 429, 502, 503 and 504 only, so a failure of ours is a 503.
 */
export async function receiveOtlp(
  request: Request,
  contextOf: (request: Request) => Promise<Context>,
): Promise<Response> {
  const { type } = mediaType(request.headers.get('content-type'))
  const encoding: OtlpEncoding = type === 'application/json' ? 'json' : 'protobuf'
  let ctx: Context | undefined
  try {
    ctx = await contextOf(request)
    authorise(ctx, 'telemetry.write')
    if (type !== 'application/json' && type !== 'application/x-protobuf') {
      throw new UnsupportedError(
        `Content-Type is "${type}"; OTLP/HTTP is "application/x-protobuf" or "application/json".`,
      )
    }
    const decoded = decodeOtlp(await plainBody(request), encoding)
    const receipt = await write({ ctx, input: { series: decoded.series, source: 'otlp' } })
    countReceipt('otlp', receipt)
    return otlpSuccess(encoding, leftOut(decoded, receipt))
  } catch (error) {
    return otlpRefusal(encoding, error, ctx)
  }
}

async function plainBody(request: Request): Promise<Uint8Array> {
  const encoding = request.headers.get('content-encoding')?.toLowerCase() ?? 'identity'
  if (encoding === 'gzip') return gunzipBody(await readBody(request))
  if (encoding === 'identity') return readBody(request)
  throw new UnsupportedError(`Content-Encoding is "${encoding}"; OTLP/HTTP is "gzip" or none.`)
}

function leftOut(decoded: OtlpSeries, receipt: WriteReceipt): { points: number; message: string } {
  return {
    points: decoded.unsupportedPoints + receipt.rejected + receipt.unmappedSamples,
    message: [...decoded.unsupportedExamples, ...receipt.rejectedExamples, ...receipt.unmappedExamples].join(
      '; ',
    ),
  }
}
