import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { BinaryReader } from '@bufbuild/protobuf/wire'
import { uncompressSync } from 'snappy'
import { afterEach, expect, test } from 'vitest'
import type { OutgoingSeries } from './outbox.ts'
import { encodeWriteRequest, sendWrite } from './remote-write.ts'

/** Reads a WriteRequest back, field by field, by the protocol's own numbers. */
function decode(bytes: Uint8Array): { labels: [string, string][]; samples: [number, number][] }[] {
  const request = new BinaryReader(bytes)
  const series: { labels: [string, string][]; samples: [number, number][] }[] = []
  while (request.pos < request.len) {
    expect(request.tag()).toEqual([1, 2])
    const one = new BinaryReader(request.bytes())
    const read = { labels: [] as [string, string][], samples: [] as [number, number][] }
    while (one.pos < one.len) {
      const [field] = one.tag()
      const part = new BinaryReader(one.bytes())
      part.tag()
      if (field === 1) {
        const name = part.string()
        part.tag()
        read.labels.push([name, part.string()])
      } else {
        const value = part.double()
        part.tag()
        read.samples.push([value, Number(part.int64())])
      }
    }
    series.push(read)
  }
  return series
}

const series: OutgoingSeries[] = [
  {
    labels: { workload: 'chat', __name__: 'sandbox_requests_per_second', domain: 'd' },
    samples: [
      { at: 1_772_631_440_000, value: 51.25 },
      { at: 1_772_631_455_000, value: 0 },
    ],
  },
]

let server: Server | undefined
afterEach(() => {
  server?.close()
  server?.closeAllConnections()
})

test('the protocol is kept: field numbers, sorted labels, milliseconds', () => {
  expect(decode(encodeWriteRequest(series))).toEqual([
    {
      labels: [
        ['__name__', 'sandbox_requests_per_second'],
        ['domain', 'd'],
        ['workload', 'chat'],
      ],
      samples: [
        [51.25, 1_772_631_440_000],
        [0, 1_772_631_455_000],
      ],
    },
  ])
})

test('it is sent compressed with the key, and the status decides whether to try again', async () => {
  const statuses = [204, 500, 429, 400]
  const bodies: Buffer[] = []
  const keys = new Set<string | undefined>()
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    bodies.push(Buffer.concat(chunks))
    keys.add(request.headers.authorization)
    response.writeHead(statuses[bodies.length - 1] ?? 204).end('why')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const at = server.address()
  const intake = { url: `http://127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`, apiKey: 'k' }
  const { signal } = new AbortController()
  const kinds: string[] = []
  for (const _ of statuses) kinds.push((await sendWrite(intake, series, signal)).kind)
  expect(kinds).toEqual(['taken', 'again', 'again', 'dropped'])
  expect(keys).toEqual(new Set(['Bearer k']))
  const body = uncompressSync(bodies[0] ?? Buffer.alloc(0))
  expect(decode(new Uint8Array(Buffer.from(body)))).toHaveLength(1)
})

test('nobody there is a reason to try again', async () => {
  const intake = { url: 'http://127.0.0.1:9', apiKey: 'k' }
  expect((await sendWrite(intake, series, new AbortController().signal)).kind).toBe('again')
})
