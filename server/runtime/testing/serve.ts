import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export type FetchHandler = (request: Request) => Promise<Response> | Response

/** Handlers by "METHOD /path", on 127.0.0.1 and a free port. */
export type TestServer = { address: string; close(): Promise<void> }

/**
 * Serves route handlers over real HTTP, as the web server does: with the caller noted in `X-Forwarded-For`. What they
 * throw is a 500 with the error in its body.
 */
export async function serveHandlers(handlers: Record<string, FetchHandler>): Promise<TestServer> {
  const server = createServer(async (incoming, outgoing) => {
    try {
      const path = new URL(incoming.url ?? '/', 'http://localhost').pathname
      const handler = handlers[`${incoming.method} ${path}`]
      const response = handler
        ? await handler(await toRequest(incoming))
        : new Response(null, { status: 404 })
      outgoing.writeHead(response.status, Object.fromEntries(response.headers))
      outgoing.end(Buffer.from(await response.arrayBuffer()))
    } catch (error) {
      outgoing.writeHead(500).end(String(error))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one)
  }
  if (!headers.has('x-forwarded-for')) headers.set('x-forwarded-for', incoming.socket.remoteAddress ?? '')
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD'
  const url = `http://${incoming.headers.host}${incoming.url}`
  return new Request(url, {
    method: incoming.method,
    headers,
    body: hasBody ? Buffer.concat(chunks) : undefined,
  })
}
