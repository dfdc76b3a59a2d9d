import { authorise, type Context } from '../../kernel/context.ts'
import { UnsupportedError } from '../../kernel/errors.ts'
import { decodeRemoteWrite } from '../wire/decode-remote-write.ts'
import { write } from '../write.ts'
import { countReceipt } from './count-intake.ts'
import { mediaType } from './media-type.ts'
import { readBody } from './read-body.ts'

/**
 * Prometheus remote write 1.0: answers 204. Prometheus sends again after 429 and 5xx, and drops the whole request after
 * any other refusal; therefore series that nobody claims, and samples of an impossible time, do not fail a request but
 * are counted, in `X-InfraSage-Receipt` and in `/metrics`.
 * @throws ServiceError for what cannot be read at all
 */
export async function receiveRemoteWrite(ctx: Context, request: Request): Promise<Response> {
  authorise(ctx, 'telemetry.write')
  const { type, parameters } = mediaType(request.headers.get('content-type'))
  if (type !== 'application/x-protobuf') {
    throw new UnsupportedError(
      `Content-Type is "${type}"; remote write is "application/x-protobuf". For OTLP use /api/v1/otlp/v1/metrics.`,
    )
  }
  if (parameters.proto !== undefined && parameters.proto !== 'prometheus.writerequest') {
    throw new UnsupportedError(
      `The message "${parameters.proto}" is not taken; set protobuf_message: prometheus.WriteRequest (remote write 1.0).`,
    )
  }
  const encoding = request.headers.get('content-encoding')?.toLowerCase()
  if (encoding !== 'snappy') {
    throw new UnsupportedError(`Content-Encoding is "${encoding ?? ''}"; remote write 1.0 is "snappy".`)
  }
  const series = await decodeRemoteWrite(await readBody(request))
  const receipt = await write({ ctx, input: { series, source: 'remote_write' } })
  countReceipt('remote_write', receipt)
  const { rejectedExamples, unmappedExamples, ...counts } = receipt
  if (receipt.unmappedSeries + receipt.rejected > 0) {
    ctx.log.debug({ rejectedExamples, unmappedExamples }, 'samples of a remote write were dropped')
  }
  const summary = Object.entries(counts).map(([name, count]) => `${name}=${count}`)
  return new Response(null, { status: 204, headers: { 'X-InfraSage-Receipt': summary.join(', ') } })
}
