import { lookup } from 'node:dns/promises'
import http from 'node:http'
import https from 'node:https'
import { BlockList, isIP } from 'node:net'

/** Environment variable that lists what may be called though it is not on the public internet. */
export const privateHostsVariable = 'INFRASAGE_PRIVATE_HOSTS'

export type OutboundFault = 'address' | 'timeout' | 'unreachable' | 'too_large'

/** A call to somebody else's address that was not made, or got no whole answer; the message is for people. */
export class OutboundError extends Error {
  readonly fault: OutboundFault

  constructor(fault: OutboundFault, message: string) {
    super(message)
    this.name = 'OutboundError'
    this.fault = fault
  }
}

export type OutboundRequest = {
  url: string
  /** POST where nothing is said. */
  method?: 'POST' | 'PUT'
  /** Beside those that every request has; a content type stands in for JSON's. */
  headers: Record<string, string>
  body: string
  /** From the name's look-up to the last byte of the answer. */
  timeoutMs: number
  maxAnswerBytes: number
  /** Hosts, addresses and CIDR ranges that may be called though they are private. */
  privateHosts?: readonly string[]
}

export type OutboundAnswer = { status: number; headers: http.IncomingHttpHeaders; body: Buffer }

function rangesOf(...ranges: string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits = ''] = range.split('/')
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

/** Link-local and the metadata services of clouds, multicast, and ranges that hide another address: never called. */
const never = rangesOf(
  ...['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4', '100.100.100.200/32', '168.63.129.16/32'],
  ...['192.0.0.192/32', '::/128', 'fe80::/10', 'ff00::/8', 'fd00:ec2::/32', '64:ff9b::/96', '64:ff9b:1::/48'],
  ...['2002::/16', '2001::/32'],
)
const notPublic = rangesOf(
  ...['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.0.0.0/24', '192.168.0.0/16'],
  ...['198.18.0.0/15', '192.88.99.0/24', 'fc00::/7', 'fec0::/10', '100::/64'],
  // ::1, and addresses of version 4 in forms that nothing routes any more.
  ...['::/96', '::ffff:0:0:0/96'],
)

/** What `INFRASAGE_PRIVATE_HOSTS` lists: host names, addresses and CIDR ranges, separated by commas. */
export function privateHosts(source: Record<string, string | undefined> = process.env): string[] {
  const listed = (source[privateHostsVariable] ?? '').split(',').map((entry) => entry.trim().toLowerCase())
  return listed.filter((entry) => entry !== '')
}

/**
 * The address as a URL that may be called at all: http or https, no credentials in it, and no address that is denied.
 * A name is looked up only when it is called.
 * @throws OutboundError that says what would be right
 */
export function outboundUrl(url: string, listed: readonly string[] = privateHosts()): URL {
  if (!URL.canParse(url))
    throw new OutboundError('address', `"${url}" is no address; https://host/path is one.`)
  const parsed = new URL(url)
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
    throw new OutboundError('address', `${parsed.protocol}// is not called; use https:// or http://.`)
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new OutboundError('address', 'The address holds credentials; put them into the secret header.')
  }
  const host = hostOf(parsed)
  if (isIP(host) !== 0) requireAllowed(host, host, listed)
  return parsed
}

/** What the system's codes of a failed connection say in words; others are told as they are. */
const REASONS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'it closed the connection before it answered',
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
 * Sends a body, JSON by POST unless told otherwise, to an address that a person gave. The name is looked up once and the connection goes to that very
 * address, so that a second look-up cannot lead elsewhere; redirects are not followed.
 * @throws OutboundError
 */
export async function postOutbound(request: OutboundRequest): Promise<OutboundAnswer> {
  const listed = request.privateHosts ?? privateHosts()
  const url = outboundUrl(request.url, listed)
  const signal = AbortSignal.timeout(request.timeoutMs)
  const late = new OutboundError('timeout', `no whole answer came within ${request.timeoutMs} ms`)
  try {
    const address = await resolve(hostOf(url), listed, signal)
    return await exchange(url, address, request, signal)
  } catch (error) {
    if (signal.aborted) throw late
    if (error instanceof OutboundError) throw error
    throw new OutboundError('unreachable', `${url.host} cannot be reached: ${reasonOf(error)}`)
  }
}

/** Without the brackets of an IPv6 address. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
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
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    return await resolve(host.toLowerCase(), listed, signal)
  } catch (error) {
    if (error instanceof OutboundError) throw error
    const why = signal.aborted ? `its name was not found within ${timeoutMs} ms` : reasonOf(error)
    throw new OutboundError(signal.aborted ? 'timeout' : 'unreachable', `${host} cannot be reached: ${why}`)
  }
}

async function resolve(host: string, listed: readonly string[], signal: AbortSignal): Promise<string> {
  if (isIP(host) !== 0) {
    requireAllowed(host, host, listed)
    return host
  }
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  const found = await Promise.race([lookup(host, { all: true }), aborted])
  for (const { address } of found) requireAllowed(address, host, listed)
  const [first] = found
  if (first === undefined) throw new OutboundError('unreachable', `${host} has no address`)
  return first.address
}

function requireAllowed(address: string, host: string, listed: readonly string[]): void {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  const where = host === address ? address : `${host} (${address})`
  if (never.check(address, family)) {
    throw new OutboundError(
      'address',
      `${where} is link-local, a metadata service or no single host; it is never called.`,
    )
  }
  if (!notPublic.check(address, family)) return
  const ranges = rangesOf(
    ...listed.filter((entry) => isIP(entry.split('/')[0] ?? '') !== 0 && entry.includes('/')),
  )
  if (listed.includes(host) || listed.includes(address) || ranges.check(address, family)) return
  throw new OutboundError(
    'address',
    `${where} is a private address; list the host, address or range in ${privateHostsVariable} to allow it.`,
  )
}

function exchange(
  url: URL,
  address: string,
  { method = 'POST', headers, body, maxAnswerBytes }: OutboundRequest,
  signal: AbortSignal,
): Promise<OutboundAnswer> {
  const family = isIP(address)
  return new Promise((done, reject) => {
    const client = url.protocol === 'https:' ? https : http
    const sent = client.request(
      url,
      {
        method,
        agent: false,
        signal,
        lookup: (_host, options, callback) =>
          options.all ? callback(null, [{ address, family }]) : callback(null, address, family),
        headers: {
          'content-type': 'application/json',
          ...headers,
          'content-length': Buffer.byteLength(body),
          accept: 'application/json',
          'accept-encoding': 'identity',
          'user-agent': 'InfraSage',
        },
      },
      (answer) => {
        const parts: Buffer[] = []
        let size = 0
        answer.on('data', (part: Buffer) => {
          size += part.length
          if (size <= maxAnswerBytes) return void parts.push(part)
          reject(new OutboundError('too_large', `the answer is larger than ${maxAnswerBytes} bytes`))
          sent.destroy()
        })
        answer.on('error', reject)
        answer.on('end', () =>
          done({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) }),
        )
      },
    )
    sent.on('error', reject)
    // Also after an answer that switches to another protocol, which ends without an error.
    sent.on('close', () => reject(new OutboundError('unreachable', `${url.host} closed without an answer`)))
    sent.end(body)
  })
}
