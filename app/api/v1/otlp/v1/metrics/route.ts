import { createRequestContext } from '../../../../../../server/api/index.ts'
import { countRequest, receiveOtlp } from '../../../../../../server/telemetry/index.ts'

export const dynamic = 'force-dynamic'

export function POST(request: Request): Promise<Response> {
  return countRequest('otlp', () => receiveOtlp(request, createRequestContext))
}
