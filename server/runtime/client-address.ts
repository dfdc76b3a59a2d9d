import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** What a proxy says of the request as it came to it. */
const forwardedHeaders = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
] as const

/** Addresses and CIDR ranges, separated by commas, as the environment was checked to hold. */
export function proxyList(listed: string | undefined): BlockList {
  const list = new BlockList()
  for (const entry of (listed ?? '').split(',').map((each) => each.trim())) {
    const [address = '', bits] = entry.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (entry === '') continue
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

/**
 * The address that a request comes from: the peer's own, unless the peer is a proxy of ours; then the last address that
 * no proxy of ours has, read from the right, for whatever stands left of it anybody could have written.
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, proxies: BlockList): string {
  const chain = [...(forwardedFor ?? '').split(','), peer].map((each) => plain(each.trim())).filter(Boolean)
  let found = plain(peer)
  for (const address of chain.reverse()) {
    if (isIP(address) === 0) break
    found = address
    if (!isOurs(address, proxies)) break
  }
  return found
}

/**
 * Leaves in the headers of a request only what may be believed: `x-forwarded-for` is the client's one address, and what
 * else a proxy would say of it goes unless the proxy is ours.
 */
export function believeOnlyProxies(request: IncomingMessage, proxies: BlockList): void {
  const peer = request.socket.remoteAddress ?? 'unknown'
  const given = request.headers['x-forwarded-for']
  const address = clientAddress(peer, Array.isArray(given) ? given.join(',') : given, proxies)
  if (!isOurs(plain(peer), proxies)) for (const name of forwardedHeaders) delete request.headers[name]
  request.headers['x-forwarded-for'] = address
}

/** An address of version 4 that came over a socket of version 6, as itself. */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '')

function isOurs(address: string, proxies: BlockList): boolean {
  const version = isIP(address)
  return version !== 0 && proxies.check(address, version === 6 ? 'ipv6' : 'ipv4')
}
