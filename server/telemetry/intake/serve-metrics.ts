import { authorise, type Context } from '../../kernel/context.ts'
import { metrics } from '../../kernel/metrics.ts'

const loopback = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/

/**
 * Metrics about this process in Prometheus' text format: to anybody on this machine, to others with an API key.
 * The server notes the caller in `X-Forwarded-For`, and every proxy on the way adds its own; all must be loopback.
 */
export async function serveMetrics(ctx: Context, request: Request): Promise<Response> {
  const hops = (request.headers.get('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  if (!hops.every((hop) => loopback.test(hop))) authorise(ctx, 'telemetry.read')
  const { registry } = metrics()
  return new Response(await registry.metrics(), {
    headers: { 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' },
  })
}
