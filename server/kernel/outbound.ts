import type { LookupAddress } from 'node:dns'
import { isIP } from 'node:net'
import { type GuardedAnswer, type GuardedRequest, guardedClient } from './guarded-client.ts'
import {
  guardedLookup,
  OutboundError,
  outboundUrl,
  privateHosts,
  privateHostsVariable,
  requireLiteral,
} from './outbound-address.ts'

export { OutboundError, outboundUrl, privateHosts, privateHostsVariable }

export type OutboundRequest = Omit<GuardedRequest, 'method' | 'body'> & {
  /** POST where nothing is said. */
  method?: 'POST' | 'PUT'
  body: string
  /** Hosts, addresses and CIDR ranges that may be called though they are private. */
  privateHosts?: readonly string[]
}

export type OutboundAnswer = GuardedAnswer

/** What the system's codes of a failed connection say in words; others are told as they are. */
const REASONS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'it closed the connection before it answered',
  UND_ERR_SOCKET: 'it closed the connection before it answered',
  ENOTFOUND: 'its name is not known',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return REASONS[code] ?? (error.message || error.name)
}

/**
 * Sends a body, JSON by POST unless told otherwise, to an address that a person gave, over a connection of its own.
 * `headers` are beside those that every request has; a content type stands in for JSON's.
 * @throws OutboundError
 */
export async function postOutbound({
  privateHosts: listed = privateHosts(),
  method = 'POST',
  headers,
  ...request
}: OutboundRequest): Promise<OutboundAnswer> {
  const { host } = outboundUrl(request.url, listed)
  const client = guardedClient({ listed })
  const own = { 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'InfraSage' }
  try {
    return await client.send({
      ...request,
      method,
      headers: { ...own, ...headers, 'accept-encoding': 'identity' },
    })
  } catch (error) {
    if (error instanceof OutboundError) throw error
    throw new OutboundError('unreachable', `${host} cannot be reached: ${reasonOf(error)}`)
  } finally {
    await client.close()
  }
}

/**
 * The one address that a name stands for now, for a client that is no HTTP client: it connects to just that.
 * @throws OutboundError if one of the name's addresses is denied, or it has none
 */
export async function outboundHost(
  host: string,
  timeoutMs: number,
  listed: readonly string[] = privateHosts(),
): Promise<string> {
  const guard = { listed }
  requireLiteral(host.toLowerCase(), guard)
  if (isIP(host) !== 0) return host
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    return await new Promise((done, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      guardedLookup(guard)(host, { all: false }, (error, address: string | LookupAddress[]) => {
        if (error) reject(error)
        else if (typeof address === 'string') done(address)
      })
    })
  } catch (error) {
    if (error instanceof OutboundError) throw error
    const why = signal.aborted ? `its name was not found within ${timeoutMs} ms` : reasonOf(error)
    throw new OutboundError(signal.aborted ? 'timeout' : 'unreachable', `${host} cannot be reached: ${why}`)
  }
}
