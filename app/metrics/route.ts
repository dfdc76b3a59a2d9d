import { respond } from '../../server/api/index.ts'
import { serveMetrics } from '../../server/telemetry/index.ts'

export const dynamic = 'force-dynamic'

export function GET(request: Request): Promise<Response> {
  return respond(request, (ctx) => serveMetrics(ctx, request))
}
