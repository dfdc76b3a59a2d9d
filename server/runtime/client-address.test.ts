import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { believeOnlyProxies, clientAddress, proxyList } from './client-address.ts'

const none = proxyList(undefined)
const proxies = proxyList('10.0.0.0/8, 192.0.2.7, fd00::/8')

test.each([
  ['203.0.113.5', undefined, none, '203.0.113.5'],
  ['::ffff:203.0.113.5', undefined, none, '203.0.113.5'],
  // Anybody may send the header; it says nothing unless a proxy of ours sent it.
  ['203.0.113.5', '198.51.100.1', none, '203.0.113.5'],
  ['203.0.113.5', '198.51.100.1', proxies, '203.0.113.5'],
  ['10.0.0.1', '198.51.100.1', proxies, '198.51.100.1'],
  ['192.0.2.7', '198.51.100.1', proxies, '198.51.100.1'],
  // What the client itself wrote stands to the left of what our proxy saw.
  ['10.0.0.1', '1.2.3.4, 198.51.100.1', proxies, '198.51.100.1'],
  ['10.0.0.1', '1.2.3.4, 198.51.100.1, 10.0.0.9', proxies, '198.51.100.1'],
  ['fd00::1', '2001:db8::5', proxies, '2001:db8::5'],
  ['10.0.0.1', 'not an address', proxies, '10.0.0.1'],
  ['10.0.0.1', undefined, proxies, '10.0.0.1'],
] as const)('from %s with "%s"', (peer, header, list, address) => {
  expect(clientAddress(peer, header, list)).toBe(address)
})

function asked(peer: string) {
  const headers = {
    host: 'infrasage.example',
    'x-forwarded-for': '198.51.100.1',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
  }
  return { headers, socket: { remoteAddress: peer } } as unknown as IncomingMessage
}

test('a stranger’s words about the request are dropped, a proxy’s are kept', () => {
  const stranger = asked('203.0.113.5')
  believeOnlyProxies(stranger, proxies)
  expect(stranger.headers).toEqual({ host: 'infrasage.example', 'x-forwarded-for': '203.0.113.5' })
  const proxy = asked('10.0.0.1')
  believeOnlyProxies(proxy, proxies)
  expect(proxy.headers).toMatchObject({
    'x-forwarded-for': '198.51.100.1',
    'x-forwarded-host': 'evil.example',
  })
})
