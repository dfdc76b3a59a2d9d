import { respond } from '../../../../server/api/index.ts'
import { countRequest, receiveRemoteWrite } from '../../../../server/telemetry/index.ts'

export const dynamic = 'force-dynamic'

export function POST(request: Request): Promise<Response> {
  return countRequest('remote_write', () => respond(request, (ctx) => receiveRemoteWrite(ctx, request)))
}
