import { generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export type Forgery = 'none' | 'another key' | 'no signature' | 'nonce' | 'audience' | 'issuer' | 'age'

const key = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * An OpenID provider on loopback that lets in whoever comes, and whose ID tokens are wrong in one thing: it is at the provider's
 * address, as an attacker on the way would be, and has not the provider's key. `forge` chooses the thing.
 */
export async function startForgingProvider(claims: Record<string, unknown>) {
  const [own, another] = [key(), key()]
  const nonces = new Map<string, string>()
  const forged = { what: 'none' as Forgery }
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', issuer)
    const answer = (body: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (url.pathname === '/authorize') {
      const code = String(nonces.size)
      nonces.set(code, url.searchParams.get('nonce') ?? '')
      const back = new URL(url.searchParams.get('redirect_uri') ?? '')
      back.searchParams.set('code', code)
      back.searchParams.set('state', url.searchParams.get('state') ?? '')
      response.writeHead(302, { location: back.href }).end()
    } else if (url.pathname === '/token') {
      const code = new URLSearchParams(await text(request)).get('code') ?? ''
      answer({ access_token: 'a', token_type: 'Bearer', id_token: idToken(nonces.get(code) ?? '') })
    } else if (url.pathname === '/jwks') {
      const jwk = own.publicKey.export({ format: 'jwk' })
      answer({ keys: [{ ...jwk, kid: 'k', use: 'sig', alg: 'RS256' }] })
    } else {
      answer({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  function idToken(nonce: string): string {
    const wrong = (what: Forgery) => forged.what === what
    const now = Math.floor(Date.now() / 1_000) - (wrong('age') ? 3_600 : 0)
    const body = {
      ...claims,
      iss: wrong('issuer') ? 'http://127.0.0.1:1' : issuer,
      aud: wrong('audience') ? 'somebody else' : 'infrasage',
      nonce: wrong('nonce') ? 'another' : nonce,
      iat: now,
      exp: now + 300,
    }
    const alg = wrong('no signature') ? 'none' : 'RS256'
    const signed = `${base64url({ alg, kid: 'k', typ: 'JWT' })}.${base64url(body)}`
    if (wrong('no signature')) return `${signed}.`
    const { privateKey } = wrong('another key') ? another : own
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`
  }

  return {
    issuer,
    ...{ clientId: 'infrasage', clientSecret: 'a secret that both of them know, and nobody else' },
    forge: (what: Forgery) => {
      forged.what = what
    },
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
