import { once } from 'node:events'
import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { LeaveTaking } from './leave-taking.ts'

/** A server that answers `/slow` when `finish` is called, holds streams open, and all else at once. */
async function serving() {
  const server = createServer()
  const leaveTaking = new LeaveTaking(server)
  const slow = Promise.withResolvers<ServerResponse>()
  server.on('request', (request, response) => {
    if (leaveTaking.meets(request, response)) return
    if (request.url === '/slow') slow.resolve(response)
    else if (request.url === '/events') response.write('data: 1\n\n')
    else response.end('served')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = Object(server.address())
  const get = (path: string, accept = '*/*') =>
    new Promise<IncomingMessage>((resolve, reject) => {
      ask({ port, path, host: '127.0.0.1', headers: { accept } }, resolve).on('error', reject).end()
    })
  return { leaveTaking, get, slow: slow.promise }
}

const textOf = async (answer: IncomingMessage) => (await answer.toArray()).join('')

test('a web server that ends is not ready and serves on, then takes no more and answers what is under way', async () => {
  const { leaveTaking, get, slow } = await serving()
  const events = await get('/events', 'text/event-stream')
  const cut = once(events, 'error')
  events.resume()
  const late = get('/slow')
  const underWay = await slow
  const drained = Promise.withResolvers<void>()
  const waits: number[] = []
  const left = leaveTaking.leave({ atOnce: false, drainMs: 8_000, withinMs: 10_000 }, (ms) => {
    waits.push(ms)
    return drained.promise
  })

  const ready = await get('/api/health/ready?from=balancer')
  expect([ready.statusCode, JSON.parse(await textOf(ready)).status]).toEqual([503, 'not-ready'])
  const other = await get('/')
  expect([other.statusCode, other.headers.connection, await textOf(other)]).toEqual([200, 'close', 'served'])
  expect(waits).toEqual([5_000])

  drained.resolve()
  await cut
  await expect(get('/')).rejects.toThrow('ECONNREFUSED')
  underWay.end('at last')
  expect(await textOf(await late)).toBe('at last')
  await left
})

test('one that a supervisor ends waits for nobody', async () => {
  const { leaveTaking, get, slow } = await serving()
  const late = get('/slow').catch((error: Error) => error.message)
  await slow
  await leaveTaking.leave({ atOnce: true, drainMs: 5_000, withinMs: 2_500 })
  expect(await late).toContain('hang up')
})
