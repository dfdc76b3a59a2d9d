import { openApiDocument } from '../../../../server/api/index.ts'

export const dynamic = 'force-static'

export function GET(): Response {
  return Response.json(openApiDocument())
}
