import { countRequest, receiveOtlp, receiveRemoteWrite, serveMetrics } from '../telemetry/index.ts'
import { createRequestContext, respond } from './create-request-context.ts'

/** Series, samples and bytes are what the intake bounds: a fleet sends through one key, as often as it must. */
const limitedByItself = { calls: 0 }

/** Prometheus remote write 1.0. */
export function handleRemoteWrite(request: Request): Promise<Response> {
  return countRequest('remote_write', () =>
    respond(request, (ctx) => receiveRemoteWrite(ctx, request), limitedByItself),
  )
}

/** OTLP/HTTP metrics; answers in OTLP's own way, refusals included. */
export function handleOtlpMetrics(request: Request): Promise<Response> {
  return countRequest('otlp', () =>
    receiveOtlp(request, (asked) => createRequestContext(asked, limitedByItself)),
  )
}

/** Metrics about this process. */
export function handleMetrics(request: Request): Promise<Response> {
  return respond(request, (ctx) => serveMetrics(ctx, request))
}
