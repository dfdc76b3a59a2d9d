import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

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

type Resolver = (
  host: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void

/** What may be called. */
export type Guard = {
  /** Hosts, addresses and CIDR ranges that may be called though they are private. */
  listed: readonly string[]
  /** Turns a name into addresses; the system's resolver unless a test says otherwise. */
  resolve?: Resolver
}

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
  ...[
    '192.0.0.192/32',
    '::/128',
    'fe80::/10',
    'ff00::/8',
    'fd00:ec2::/32',
    'fd20:ce::254/128',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
  ],
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
 * Those, and the sandbox of this installation: its address is set by whoever started us, and by nobody who uses the product.
 * `url`: what is to be called.
 */
export function privateHostsOrSandbox(
  url: string,
  source: Record<string, string | undefined> = process.env,
): string[] {
  const own = source.INFRASAGE_SANDBOX_URL
  const isOwn = own !== undefined && URL.canParse(own) && new URL(own).origin === new URL(url).origin
  return isOwn ? [...privateHosts(source), hostOf(new URL(own))] : privateHosts(source)
}

/** The host of a URL as it is looked up: in lower case, without the brackets of an IPv6 address. */
export function hostOf({ hostname }: Pick<URL, 'hostname'>): string {
  return hostname.replace(/^\[|\]$/g, '').toLowerCase()
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
  requireLiteral(hostOf(parsed), { listed })
  return parsed
}

/** Refuses a denied address that stands in the place of a name, for which no look-up is made. @throws OutboundError */
export function requireLiteral(host: string, { listed }: Guard): void {
  if (isIP(host) !== 0) requireAllowed(host, host, listed)
}

/**
 * The look-up of a connection: it connects to what was looked at here and nothing else, so that a second look-up cannot lead
 * elsewhere. A name of which one address is denied is refused whole.
 */
export function guardedLookup({ listed, resolve = systemLookup }: Guard): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return done(error, [])
      const host = hostname.toLowerCase()
      const [first] = found
      try {
        if (first === undefined) throw new OutboundError('unreachable', `${host} has no address`)
        for (const { address } of found) requireAllowed(address, host, listed)
      } catch (refused) {
        return done(refused instanceof Error ? refused : new Error(String(refused)), [])
      }
      if (options.all) done(null, found)
      else done(null, first.address, first.family)
    })
  }
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
