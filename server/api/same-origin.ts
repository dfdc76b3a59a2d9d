import { ForbiddenError } from '../kernel/errors.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses a change that another site's page asks for with this person's cookie (OWASP: Fetch Metadata, then Origin).
 * Requests that carry neither header must send JSON, which no form of another site can.
 * @throws ForbiddenError
 */
export function requireSameOrigin(request: Request): void {
  if (safeMethods.has(request.method)) return
  const site = request.headers.get('sec-fetch-site')
  const origin = request.headers.get('origin')
  const isJson = request.headers.get('content-type')?.startsWith('application/json') ?? false
  const allowed = origin ? isOwnOrigin(request, origin) : site === 'same-origin' || (site === null && isJson)
  if (!allowed || site === 'cross-site' || site === 'same-site') {
    throw new ForbiddenError(
      'This change was asked for by a page of another site. Use the pages of this one, or an API key.',
    )
  }
}

function isOwnOrigin(request: Request, origin: string): boolean {
  const host = request.headers.get('x-forwarded-host') ?? request.headers.get('host')
  return URL.canParse(origin) && new URL(origin).host === host
}
