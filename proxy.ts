import { type NextRequest, NextResponse } from 'next/server'

const sessionCookies = ['next-auth.session-token', '__Host-next-auth.session-token']

/**
 * Leads people without a session to the sign-in page, and gives each page a Content Security Policy with a nonce of
 * its own. Authorises nothing: every procedure does that for itself.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl
  const hasSession = sessionCookies.some((name) => request.cookies.has(name))
  if (!hasSession && pathname !== '/sign-in') {
    const signIn = new URL('/sign-in', request.url)
    if (pathname !== '/') signIn.searchParams.set('from', `${pathname}${search}`)
    return NextResponse.redirect(signIn)
  }
  const nonce = Buffer.from(crypto.randomUUID()).toString('base64')
  const policy = contentSecurityPolicy(nonce)
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('Content-Security-Policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('Content-Security-Policy', policy)
  return response
}

/** Styles may be inline, for charts and pop-ups place themselves by style attributes. */
function contentSecurityPolicy(nonce: string): string {
  const evaluation = process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${evaluation}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** All but the API and the build. A dot makes no file of an address: /decisions/a.b is a page as well. */
export const config = { matcher: ['/((?!api/|_next/|metrics$|icon\\.svg$|favicon\\.ico$).*)'] }
