import type { CookiesOptions } from 'next-auth'

/**
 * Over https a browser takes a cookie of this prefix from this very host alone, and only with Secure, without Domain and with
 * Path=/ (RFC 6265bis, 4.1.3.2; ASVS 5.0, 3.3.3). Over http, on loopback, browsers would refuse it.
 */
export const cookiePrefix = (secure: boolean) => (secure ? '__Host-' : '')

export const sessionCookieName = (secure: boolean) => `${cookiePrefix(secure)}next-auth.session-token`

/** next-auth's own cookies under our names: it gives most of them the weaker prefix "__Secure-". */
export function nextAuthCookies(secure: boolean): Partial<CookiesOptions> {
  const cookie = (name: string, maxAge?: number) => ({
    name: `${cookiePrefix(secure)}next-auth.${name}`,
    options: { httpOnly: true, sameSite: 'lax' as const, path: '/', secure, ...(maxAge ? { maxAge } : {}) },
  })
  const onTheWaySeconds = 15 * 60
  return {
    sessionToken: { ...cookie('session-token'), name: sessionCookieName(secure) },
    callbackUrl: cookie('callback-url'),
    csrfToken: cookie('csrf-token'),
    pkceCodeVerifier: cookie('pkce.code_verifier', onTheWaySeconds),
    state: cookie('state', onTheWaySeconds),
    nonce: cookie('nonce', onTheWaySeconds),
  }
}
