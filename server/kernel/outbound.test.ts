import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { outboundUrl, postOutbound } from './outbound.ts'

let server: Server | undefined
afterEach(() => {
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

const post = (url: string, privateHosts: string[] = [], change = {}) =>
  postOutbound({
    ...{ url, privateHosts, headers: { 'x-key': 'k' }, body: '{}', timeoutMs: 2_000, maxAnswerBytes: 100 },
    ...change,
  })

describe('an address that a person gave', () => {
  test.each([
    ['no address at all', 'not an address', /is no address/],
    ['another scheme', 'file:///etc/passwd', /file:\/\/ is not called/],
    ['credentials in it', 'https://a:b@example.com/', /holds credentials/],
    ['a metadata service', 'http://169.254.169.254/latest', /never called/],
    ['a metadata service in other digits', 'http://0xA9FEA9FE/', /never called/],
    ['a metadata service over IPv6', 'http://[fd00:ec2::254]/', /never called/],
    ['link-local IPv6', 'http://[fe80::1]/', /never called/],
    ['link-local as mapped IPv6', 'http://[::ffff:169.254.169.254]/', /never called/],
    ['every address', 'http://0.0.0.0/', /never called/],
    ['loopback', 'http://127.0.0.1/', /private address; list/],
    ['loopback as mapped IPv6', 'http://[::ffff:127.0.0.1]/', /private address; list/],
    ['loopback as an old IPv6 form', 'http://[::127.0.0.1]/', /private address; list/],
    ['loopback as translated IPv6', 'http://[::ffff:0:7f00:1]/', /private address; list/],
    ['loopback in octal digits', 'http://0177.1/', /private address; list/],
    ['a private network', 'https://10.1.2.3/', /private address; list/],
    ['a private IPv6 network', 'https://[fd12::1]/', /private address; list/],
  ])('with %s is refused', (_, url, why) => {
    expect(() => outboundUrl(url, [])).toThrow(why)
  })

  test('is taken when it is public, or listed', () => {
    expect(outboundUrl('https://models.example.com/f', []).host).toBe('models.example.com')
    expect(outboundUrl('http://10.1.2.3/', ['10.0.0.0/8']).host).toBe('10.1.2.3')
    expect(outboundUrl('http://10.1.2.3/', ['10.1.2.3']).host).toBe('10.1.2.3')
    expect(() => outboundUrl('http://169.254.169.254/', ['169.254.0.0/16', '169.254.169.254'])).toThrow(
      /never/,
    )
  })
})

describe('a call', () => {
  test('to a name that leads to a private address is refused, unless the name is listed', async () => {
    const port = await serve((request, answer) =>
      answer.end(`${request.headers['x-key']} ${request.headers.host}`),
    )
    await expect(post(`http://localhost:${port}/`)).rejects.toThrow(/localhost \(.+\) is a private address/)
    const { status, body } = await post(`http://localhost:${port}/`, ['localhost'])
    expect([status, body.toString()]).toEqual([200, `k localhost:${port}`])
  })

  test('does not follow a redirect', async () => {
    const port = await serve((_, answer) =>
      answer.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    )
    expect((await post(`http://127.0.0.1:${port}/`, ['127.0.0.1'])).status).toBe(302)
  })

  test('ends when the answer is late, too large or cut off', async () => {
    const allowed = ['127.0.0.1']
    const slow = await serve((_, answer) => answer.write('{'))
    await expect(post(`http://127.0.0.1:${slow}/`, allowed, { timeoutMs: 120 })).rejects.toMatchObject({
      fault: 'timeout',
      message: 'no whole answer came within 120 ms',
    })
    const large = await serve((_, answer) => answer.end('x'.repeat(101)))
    await expect(post(`http://127.0.0.1:${large}/`, allowed)).rejects.toMatchObject({ fault: 'too_large' })
    const other = await serve((request) => {
      request.socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n')
    })
    await expect(post(`http://127.0.0.1:${other}/`, allowed)).rejects.toMatchObject({ fault: 'unreachable' })
    const cut = await serve((_, answer) => {
      answer.writeHead(200, { 'content-length': '50' }).write('{')
      setImmediate(() => answer.destroy())
    })
    await expect(post(`http://127.0.0.1:${cut}/`, allowed)).rejects.toMatchObject({ fault: 'unreachable' })
  })
})
