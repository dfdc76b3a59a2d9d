import { createServer, type IncomingHttpHeaders } from 'node:http'

export type Heard = { headers: IncomingHttpHeaders; body: string }
export type Listener = {
  url: string
  heard: Heard[]
  /** What the next requests are answered with; 200 when there is nothing left. */
  answers: { status: number; headers?: Record<string, string>; body?: string }[]
  close(): Promise<void>
}

/** A web server on loopback that keeps what it is sent. */
export async function startListener(): Promise<Listener> {
  const heard: Heard[] = []
  const answers: Listener['answers'] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(Buffer.from(part))
    heard.push({ headers: request.headers, body: Buffer.concat(parts).toString('utf8') })
    const { status, headers, body } = answers.shift() ?? { status: 200 }
    response.writeHead(status, headers).end(body ?? 'ok')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = address instanceof Object ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/hook`,
    heard,
    answers,
    close: () => new Promise((done) => server.close(() => done())),
  }
}
