import { readFile } from 'node:fs/promises'
import type { HttpLibrary, SecurityAuthentication } from '@kubernetes/client-node'
import { type GuardedClient, guardedClient, type TlsSettings } from '../../../kernel/guarded-client.ts'
import { OutboundError, privateHosts } from '../../../kernel/outbound-address.ts'
import { askWithin } from '../look-bounds.ts'
import type { ClusterAccess } from './kubeconfig.ts'

type Library = typeof import('@kubernetes/client-node')

/** Objects of the API are some twenty levels deep; what is far deeper would be too much for whoever walks through it. */
const deepestAnswer = 200

/** @throws OutboundError where JSON is nested deeper than any object of the API */
export function requireShallow(json: Uint8Array): void {
  const [quote, backslash] = [0x22, 0x5c]
  let [depth, quoted] = [0, false]
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]
    if (quoted && byte === backslash) at++
    else if (byte === quote) quoted = !quoted
    else if (quoted) continue
    // [ and { open, ] and } close: they differ in one bit.
    else if (byte === 0x5b || byte === 0x7b) depth++
    else if (byte === 0x5d || byte === 0x7d) depth--
    if (depth > deepestAnswer)
      throw new OutboundError('too_large', `the answer is nested deeper than ${deepestAnswer} levels`)
  }
}

const pemOf = (data: string | undefined) => data && Buffer.from(data, 'base64').toString('utf8')

/** Connections to a cluster, which believe its own certificate authority and are held to what may be called. */
export function clusterConnections({ caData, tlsServerName, ownHost, user }: ClusterAccess): GuardedClient {
  const tls: TlsSettings = {
    ca: pemOf(caData),
    cert: pemOf(user.certData),
    key: pemOf(user.keyData),
    servername: tlsServerName,
  }
  return guardedClient({ listed: [...privateHosts(), ...(ownHost ? [ownHost] : [])] }, tls)
}

/**
 * Sends what the vendor's client asks for: its own way would follow redirects and look names up anew. `redact`: applied to answers that
 * are no success, before anybody cuts them short.
 */
export function guardedLibrary(
  { wrapHttpLibrary, ResponseContext, SelfDecodingBody }: Library,
  connections: GuardedClient,
  { timeoutMs, redact }: { timeoutMs: number; redact(text: string): string },
): HttpLibrary {
  return wrapHttpLibrary({
    send: async (request) => {
      const body = request.getBody()
      if (body !== undefined && typeof body !== 'string') throw new Error('A body is sent as text alone.')
      const answer = await askWithin(connections.send, {
        url: request.getUrl(),
        method: request.getHttpMethod(),
        headers: request.getHeaders(),
        body,
        timeoutMs,
      })
      const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
      const ok = answer.status >= 200 && answer.status < 300
      if (ok) requireShallow(answer.body)
      const said = ok ? answer.body : Buffer.from(redact(answer.body.toString('utf8')))
      const text = new SelfDecodingBody(Promise.resolve(said))
      return new ResponseContext(answer.status, Object.fromEntries(headers), text)
    },
  })
}

/** Says who we are with every request. */
export function authenticationOf({ user }: ClusterAccess): SecurityAuthentication {
  const basic = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')
  return {
    getName: () => 'connection',
    applySecurityAuthentication: async (request) => {
      if (user.tokenFile) {
        const token = (await readFile(user.tokenFile, 'utf8')).trim()
        request.setHeaderParam('Authorization', `Bearer ${token}`)
      } else if (user.token) request.setHeaderParam('Authorization', `Bearer ${user.token}`)
      else if (user.username) request.setHeaderParam('Authorization', `Basic ${basic}`)
    },
  }
}
