import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import path from 'node:path'
import next from 'next'
import { exitWithParent, failStart, reportReady, shutdownMs } from '../kernel/child.ts'
import { readEnv } from '../kernel/env.ts'
import { believeOnlyProxies, proxyList } from './client-address.ts'
import { keepToHttps } from './keep-to-https.ts'
import { refusesMethod } from './refuse-method.ts'

/** The web server: Next on HOST and PORT, as a process that the supervisor starts. `--dev` compiles as one edits. */
const dev = process.argv.includes('--dev')
const port = Number(process.env.PORT ?? 3000)
const hostname = process.env.HOST ?? '127.0.0.1'

// What is missing is said at the start, and not by answers that are never ready.
try {
  readEnv()
} catch (error) {
  failStart(error)
}

/** Answers that are under way at the end may still be sent until so long before it. */
const lastAnswersMs = 1_000
const idleLookMs = 250

const server = createServer()
// Large bodies of telemetry take their time, but a client that sends nothing is let go.
server.requestTimeout = 60_000
const app = next({ dev, hostname, port, dir: path.resolve(import.meta.dirname, '../..'), httpServer: server })
await app.prepare()
const handle = app.getRequestHandler()
const upgrade = app.getUpgradeHandler()
/** Streams of events that are open. */
const streams = new Set<ServerResponse>()
const proxies = proxyList(process.env.INFRASAGE_TRUSTED_PROXIES)
server.on('request', (request, response) => {
  if (refusesMethod(request, response)) return
  believeOnlyProxies(request, proxies)
  keepToHttps(response, process.env.NEXTAUTH_URL)
  if (request.headers.accept?.includes('text/event-stream')) {
    streams.add(response)
    response.once('close', () => streams.delete(response))
  }
  void handle(request, response)
})
server.on('upgrade', (request, socket, head) => void upgrade(request, socket, head))

server.once('error', (error) => {
  process.stderr.write(`The web server cannot listen on ${hostname}:${port}: ${error.message}\n`)
  process.exit(1)
})
server.listen(port, hostname, reportReady)

exitWithParent(async (withinMs) => {
  const closed = once(server, 'close')
  server.close()
  // Event streams never end by themselves; whoever listens to one comes back to another process.
  for (const response of streams) response.destroy()
  if (shutdownMs() === null) server.closeAllConnections()
  // A connection that is kept alive after its last answer would hold the server for as long as that lasts.
  const idle = setInterval(() => server.closeIdleConnections(), idleLookMs)
  const late = setTimeout(() => server.closeAllConnections(), withinMs - lastAnswersMs)
  await closed
  clearInterval(idle)
  clearTimeout(late)
})
