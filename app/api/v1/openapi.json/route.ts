import { openApiDocument } from '../../../../server/api/index.ts'

export const dynamic = 'force-static'

export function GET(): Response {
  // Of this version: a proxy that kept it would tell of another after an upgrade.
  return Response.json(openApiDocument(), { headers: { 'Cache-Control': 'no-cache' } })
}
