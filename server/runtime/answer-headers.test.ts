import { once } from 'node:events'
import { createServer, IncomingMessage, request, ServerResponse } from 'node:http'
import { type AddressInfo, connect, Socket } from 'node:net'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import type { NextConfig } from 'next'
import { expect, test } from 'vitest'
import { keepToHttps } from './keep-to-https.ts'
import { refusesMethod } from './refuse-method.ts'

test.each([
  ['https://sage.test', 'max-age=31536000; includeSubDomains'],
  ['http://127.0.0.1:3000', undefined],
  [undefined, undefined],
])('who is reached at %s keeps browsers to https: %s', (publicUrl, policy) => {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  keepToHttps(response, publicUrl)
  expect(response.getHeader('Strict-Transport-Security')).toBe(policy)
})

test('a method that nothing answers is refused and shows nothing of the request', async () => {
  const refused: string[] = []
  const server = createServer((request, response) => {
    if (refusesMethod(request, response)) refused.push(request.method ?? '')
    else response.end('answered')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  for (const method of ['TRACE', 'PROPFIND', 'GET', 'DELETE']) {
    const asked = { port, host: '127.0.0.1', method, headers: { cookie: 'secret' } }
    const answer = await new Promise<IncomingMessage>((resolve) => request(asked, resolve).end())
    const body = await text(answer)
    expect([answer.statusCode, body]).toEqual(/^[TP]/.test(method) ? [405, ''] : [200, 'answered'])
  }
  expect(refused).toEqual(['TRACE', 'PROPFIND'])
  server.close()
})

test('a message that says in two ways where it ends, or whose head never does, is refused', async () => {
  const server = createServer((_, response) => response.end('answered')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const twice = 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
  for (const rest of [
    twice,
    'Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd',
    `X: ${'a'.repeat(20_000)}`,
  ]) {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8')
    socket.write(`POST / HTTP/1.1\r\nHost: here.test\r\n${rest}`)
    expect(await text(socket)).toMatch(/^HTTP\/1.1 4(00|31) /)
  }
  server.close()
})

test('every answer is taken as what it says it is, in no frame, and what is no page loads nothing and is kept by nobody', async () => {
  // Next's own file, in no room that others may import from.
  const file = path.resolve(import.meta.dirname, '../../next.config.ts')
  const { default: config }: { default: NextConfig } = await import(file)
  const rules = (await config.headers?.()) ?? []
  const of = (source: string) =>
    Object.fromEntries(
      rules
        .filter((rule) => rule.source === source)
        .flatMap(({ headers }) => headers.map(({ key, value }) => [key, value])),
    )
  expect(of('/:path*')).toMatchObject({
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  })
  for (const source of ['/api/:path*', '/metrics']) {
    expect(of(source)['Content-Security-Policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
    expect(of(source)['Cache-Control']).toBe('no-store')
  }
  for (const source of ['/_next/:path*', '/icon.svg'])
    expect(of(source)['Content-Security-Policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
})
