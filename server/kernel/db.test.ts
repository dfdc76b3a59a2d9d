import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { isDatabaseAway } from './database-away.ts'
import { createDb } from './db.ts'

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
/** That one is let in, that one may ask, and that the server goes down: in one piece, as a server under load sends it. */
const letInAndEnded = Buffer.concat([
  message('R', Buffer.from([0, 0, 0, 0])),
  message('Z', Buffer.from('I')),
  message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0')),
])

test('a database that goes down while it lets one in is an error of the query, and ends no process', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(letInAndEnded))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = Object(server.address()).port
  const db = createDb(`postgresql://infrasage_app:x@127.0.0.1:${port}/none`)
  const failed = await db.$transaction((tx) => tx.$queryRaw`SELECT 1`).catch((error: unknown) => error)
  expect(isDatabaseAway(failed)).toBe(true)
  await db.$disconnect()
  server.close()
})
