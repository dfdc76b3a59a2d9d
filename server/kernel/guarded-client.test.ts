import type { LookupAddress } from 'node:dns'
import http, { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { guardedClient, guardedHttpAgent } from './guarded-client.ts'
import type { Guard } from './outbound-address.ts'

let server: Server | undefined
const clients: ReturnType<typeof guardedClient>[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
  server?.closeAllConnections()
  server?.close()
  server = undefined
})

async function serve(listener: RequestListener): Promise<number> {
  const opened = createServer(listener)
  server = opened
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve))
  return (opened.address() as AddressInfo).port
}

/** A resolver that gives one list of addresses after the other, the last for ever, and counts. */
function resolver(...answers: string[][]) {
  const asked = { times: 0 }
  const resolve: Guard['resolve'] = (_host, _options, done) => {
    const found = answers[Math.min(asked.times++, answers.length - 1)] ?? []
    const entries = found.map(
      (address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }),
    )
    done(null, entries)
  }
  return { asked, resolve }
}

function get(url: string, guard: Guard, change = {}) {
  const client = guardedClient(guard)
  clients.push(client)
  const request = { url, method: 'GET', headers: {}, timeoutMs: 2_000, maxAnswerBytes: 100 } as const
  return client.send({ ...request, ...change })
}

describe('a name', () => {
  test('is looked up once for a connection, which goes to what was found', async () => {
    const port = await serve((request, answer) => answer.end(request.headers.host))
    const { asked, resolve } = resolver(['127.0.0.1'], ['169.254.169.254'])
    const answer = await get(`http://cluster.example:${port}/`, { listed: ['cluster.example'], resolve })
    expect([answer.status, answer.body.toString(), asked.times]).toEqual([200, `cluster.example:${port}`, 1])
  })

  test('that changes what it stands for between two connections is refused at the second', async () => {
    const port = await serve((_, answer) => answer.setHeader('connection', 'close').end())
    const { resolve } = resolver(['127.0.0.1'], ['169.254.169.254'])
    const client = guardedClient({ listed: ['cluster.example'], resolve })
    clients.push(client)
    const once = () =>
      client.send({
        ...{ url: `http://cluster.example:${port}/`, method: 'GET', headers: {} },
        ...{ timeoutMs: 2_000, maxAnswerBytes: 100 },
      })
    expect((await once()).status).toBe(200)
    await expect(once()).rejects.toThrow(
      /cluster\.example \(169\.254\.169\.254\) is link-local.*never called/,
    )
  })

  test.each([
    ['a metadata service', ['169.254.169.254'], /never called/],
    ['a metadata service beside a public address', ['93.184.216.34', '169.254.169.254'], /never called/],
    ['link-local IPv6', ['fe80::1'], /never called/],
    ['a metadata service as mapped IPv6', ['::ffff:169.254.169.254'], /never called/],
    ['a metadata service behind NAT64', ['64:ff9b::a9fe:a9fe'], /never called/],
    ['a metadata service behind 6to4', ['2002:a9fe:a9fe::'], /never called/],
    ['a private address', ['10.0.0.1'], /private address; list/],
    ['a unique local IPv6 address', ['fd12::1'], /private address; list/],
    ['loopback IPv6', ['::1'], /private address; list/],
    ['nothing', [], /has no address/],
  ])('that stands for %s is not called', async (_, addresses, why) => {
    const { resolve } = resolver(addresses)
    await expect(get('http://cluster.example:1/', { listed: [], resolve })).rejects.toThrow(why)
  })
})

describe('an address without a name', () => {
  test.each([
    ['http://169.254.169.254/latest/meta-data/', ['169.254.0.0/16'], /never called/],
    ['http://[fd00:ec2::254]/', ['fd00::/8'], /never called/],
    ['http://[fd20:ce::254]/', ['fd20::/16'], /never called/],
    ['http://[::ffff:a9fe:a9fe]/', ['127.0.0.1'], /never called/],
    ['http://127.0.0.1:1/', [], /private address; list/],
    ['http://[::1]:1/', [], /private address; list/],
    ['http://10.0.0.1:1/', ['10.1.0.0/16'], /private address; list/],
  ])('%s is not called with %j listed', async (url, listed, why) => {
    await expect(get(url, { listed })).rejects.toThrow(why)
  })
})

test('a redirect is an answer and is not followed', async () => {
  const visited: (string | undefined)[] = []
  const port = await serve((request, answer) => {
    visited.push(request.url)
    answer.writeHead(302, { location: '/secret' }).end()
  })
  const { status } = await get(`http://127.0.0.1:${port}/`, { listed: ['127.0.0.1'] })
  expect([status, visited]).toEqual([302, ['/']])
})

test('an answer that is late, or too large without saying so, is given up', async () => {
  const guard = { listed: ['127.0.0.1'] }
  const slow = await serve((_, answer) => answer.write('{'))
  const late = get(`http://127.0.0.1:${slow}/`, guard, { timeoutMs: 120 })
  await expect(late).rejects.toMatchObject({ fault: 'timeout' })
  server?.closeAllConnections()
  const large = await serve((_, answer) => {
    answer.write('x'.repeat(80))
    answer.end('x'.repeat(80))
  })
  await expect(get(`http://127.0.0.1:${large}/`, guard)).rejects.toMatchObject({ fault: 'too_large' })
})

test('a library with a client of its own is held to the same', async () => {
  const port = await serve((_, answer) => answer.end('yes'))
  const through = (url: string, guard: Guard) =>
    new Promise((done, reject) => {
      const agent = guardedHttpAgent(url, guard)
      const asked = http.get(url, { agent }, (answer) => done(answer.statusCode))
      asked.on('error', reject)
      asked.on('close', () => agent.destroy())
    })
  const { resolve } = resolver(['127.0.0.1'])
  const named = `http://issuer.example:${port}/`
  expect(await through(named, { listed: ['issuer.example'], resolve })).toBe(200)
  await expect(through(named, { listed: [], resolve })).rejects.toThrow(/private address/)
  await expect(through(`http://127.0.0.1:${port}/`, { listed: [] })).rejects.toThrow(/private address/)
  await expect(through('http://[::ffff:169.254.169.254]/', { listed: [] })).rejects.toThrow(/never called/)
})
