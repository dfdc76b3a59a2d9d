import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
// @ts-expect-error: the package has no types of its own
import Provider from 'oidc-provider'

/** Somebody whom the provider knows, by the name typed there. */
export type ProviderAccount = Record<string, unknown> & { email: string }

/**
 * A real OpenID provider on loopback that asks a name and no password, and consents by itself. `accounts` may be changed
 * between sign-ins. `redirectUri` is where this product takes the answer.
 */
export async function startIdentityProvider(accounts: Map<string, ProviderAccount>, redirectUri: string) {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = { clientId: 'infrasage', clientSecret: 'a secret that both of them know, and nobody else' }
  const provider = new Provider(issuer, {
    clients: [
      { client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: [redirectUri] },
    ],
    claims: { openid: ['sub', 'groups', 'amr'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: true } },
    pkce: { required: () => true },
    findAccount: (_: unknown, id: string) =>
      accounts.has(id) ? { accountId: id, claims: () => ({ sub: id, ...accounts.get(id) }) } : undefined,
    loadExistingGrant: async (ctx: { oidc: Record<string, { clientId: string; accountId: string }> }) => {
      const { client: asking, session } = ctx.oidc
      const grant = new provider.Grant({ clientId: asking?.clientId, accountId: session?.accountId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
  server.on('request', provider.callback())
  return {
    issuer,
    ...client,
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
