import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'

/** What the next question is answered with; *silent*: the connection stays open and nothing comes. */
export type Scripted = { status?: number; headers?: Record<string, string>; body: string } | 'silent'

export type OpaStandIn = {
  url: string
  /** What was asked, oldest first. */
  heard: { headers: IncomingHttpHeaders; path: string; body: string }[]
  /** Answers to the next questions, in their order. */
  answers: Scripted[]
  /** What is answered when no answer is left; `{"result": true}` to begin with. */
  otherwise: (asked: { path: string; body: string }) => Scripted | Promise<Scripted>
  close(): Promise<void>
}

export const says = (result: unknown): Scripted => ({ body: JSON.stringify({ result }) })
export const denies = (...reasons: string[]): Scripted => says({ allow: false, reasons })

/** A server on loopback that answers questions of OPA's data API as it is told to. */
export async function startOpaStandIn(): Promise<OpaStandIn> {
  const standIn: Pick<OpaStandIn, 'heard' | 'answers' | 'otherwise'> = {
    heard: [],
    answers: [],
    otherwise: () => says(true),
  }
  const server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(Buffer.from(part))
    const { headers, url: path = '' } = request
    const asked = { headers, path, body: Buffer.concat(parts).toString('utf8') }
    standIn.heard.push(asked)
    const answer = standIn.answers.shift() ?? (await standIn.otherwise(asked))
    if (answer === 'silent') return
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
    response.end(answer.body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const port = address instanceof Object ? address.port : 0
  return Object.assign(standIn, {
    url: `http://127.0.0.1:${port}/v1/data/infrasage/allow`,
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  })
}
