import type { Agent } from 'node:http'
import type { NextAuthOptions } from 'next-auth'
import { z } from 'zod'
import { guardedHttpAgent } from '../../kernel/guarded-client.ts'
import { hostOf, privateHosts } from '../../kernel/outbound-address.ts'
import type { OidcSettings } from './settings.ts'

type Provider = NextAuthOptions['providers'][number]

/**
 * Authorization code flow with PKCE, state and nonce (OAuth 2.1; OpenID Connect Core 3.1). The ID token's signature, issuer,
 * audience, expiry and nonce are checked by openid-client; claims that it lacks are asked at the userinfo endpoint.
 */
export function oidcProvider({ issuer, clientId, clientSecret, name, scope }: OidcSettings): Provider {
  return {
    ...{ id: 'oidc', name, type: 'oauth', issuer, clientId, clientSecret, idToken: true },
    wellKnown: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    httpOptions: { agent: issuerAgent(issuer) },
    checks: ['pkce', 'state', 'nonce'],
    authorization: { params: { scope } },
    userinfo: {
      request: async ({ client, tokens }) => {
        // What is found at an address says whose it is; another's is refused (OpenID Connect Discovery, 4.3).
        if (client.issuer.metadata.issuer !== issuer)
          throw new Error('the provider calls itself another issuer')
        const signed = payloadOf(tokens.id_token)
        const endpoint = client.issuer.metadata.userinfo_endpoint
        const asked = endpoint ? await client.userinfo(tokens.access_token ?? '') : null
        // Userinfo is not signed, and may be of somebody else (OpenID Connect Core, 5.3.2).
        if (asked && asked.sub !== signed.sub)
          throw new Error('userinfo is of another subject than the ID token')
        return { ...asked, ...signed }
      },
    },
    profile: ({ sub }) => ({ id: sub }),
  }
}

/**
 * The issuer is the host administrator's word, and so may be private; the endpoints that it names may be that host's or public
 * ones. None is called by plain http where the issuer is not, and no redirect is followed.
 */
function issuerAgent(issuer: string): Agent {
  return guardedHttpAgent(issuer, { listed: [...privateHosts(), hostOf(new URL(issuer))] })
}

const idToken = z.looseObject({ sub: z.string() })

/** What an ID token says whose signature has been checked. */
function payloadOf(token: string | undefined): z.infer<typeof idToken> {
  const payload = Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString('utf8')
  return idToken.parse(JSON.parse(payload))
}
