import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { InvalidInputError, NotFoundError, TooLargeError, UnauthenticatedError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/log.ts'
import { HttpRefusal, refusalOf } from './refusal.ts'
import type { Route } from './routes.ts'

const maxBodyBytes = 8 * 1024 * 1024

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) throw new TooLargeError(`The body is over ${maxBodyBytes} bytes.`)
    chunks.push(chunk)
  }
  if (bytes === 0) return undefined
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new InvalidInputError('The body is not valid JSON.')
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()

function authenticate(request: IncomingMessage, token: string): void {
  const sent = request.headers.authorization?.match(/^Bearer (.+)$/)?.[1] ?? ''
  if (!timingSafeEqual(digest(sent), digest(token)))
    throw new UnauthenticatedError('Send the token of the sandbox as "Authorization: Bearer …".')
}

async function answer(request: IncomingMessage, routes: readonly Route[], token: string): Promise<unknown> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname
  if (path === '/health') return { status: 'ok' }
  authenticate(request, token)
  const matching = routes.filter((route) => route.path.test(path))
  if (matching.length === 0) throw new NotFoundError('address', path)
  const route = matching.find(({ method }) => method === request.method)
  if (!route) {
    const methods = matching.map(({ method }) => method).join(', ')
    throw new HttpRefusal(405, 'method_not_allowed', `${path} takes ${methods}, not ${request.method}.`)
  }
  const id = decodeURIComponent(path.match(route.path)?.[1] ?? '')
  return route.handle({ id, ifMatch: request.headers['if-match'], body: await readBody(request) })
}

/** Serves the routes as JSON on 127.0.0.1. `port` 0: a free one. Resolves when it listens. */
export async function listen(
  routes: readonly Route[],
  options: { port: number; token: string; log: Logger },
): Promise<{ server: Server; port: number }> {
  const { port, token, log } = options
  const server = createServer(async (request, response) => {
    let [status, body]: [number, unknown] = [200, undefined]
    try {
      body = await answer(request, routes, token)
    } catch (error) {
      const refusal = refusalOf(error)
      if (!refusal) log.error({ error, url: request.url }, 'request failed')
      status = refusal?.status ?? 500
      body = refusal?.body ?? { code: 'internal', message: 'The sandbox failed; its log says why.' }
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  server.listen({ port, host: '127.0.0.1' })
  await once(server, 'listening')
  const address = server.address()
  return { server, port: typeof address === 'object' && address ? address.port : port }
}
