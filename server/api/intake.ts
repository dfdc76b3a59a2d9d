import { countRequest, receiveOtlp, receiveRemoteWrite, serveMetrics } from '../telemetry/index.ts'
import { createRequestContext, respond } from './create-request-context.ts'

/** Prometheus remote write 1.0. */
export function handleRemoteWrite(request: Request): Promise<Response> {
  return countRequest('remote_write', () => respond(request, (ctx) => receiveRemoteWrite(ctx, request)))
}

/** OTLP/HTTP metrics; answers in OTLP's own way, refusals included. */
export function handleOtlpMetrics(request: Request): Promise<Response> {
  return countRequest('otlp', () => receiveOtlp(request, createRequestContext))
}

/** Metrics about this process. */
export function handleMetrics(request: Request): Promise<Response> {
  return respond(request, (ctx) => serveMetrics(ctx, request))
}
