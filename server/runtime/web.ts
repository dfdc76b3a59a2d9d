import { createServer } from 'node:http'
import path from 'node:path'
import next from 'next'
import { exitWithParent, failStart, reportReady, shutdownMs } from '../kernel/child.ts'
import { readEnv } from '../kernel/env.ts'
import { believeOnlyProxies, proxyList } from './client-address.ts'
import { keepToHttps } from './keep-to-https.ts'
import { LeaveTaking } from './leave-taking.ts'
import { refusesMethod } from './refuse-method.ts'

/** The web server: Next on HOST and PORT, as a process that the supervisor starts. `--dev` compiles as one edits. */
const dev = process.argv.includes('--dev')
const port = Number(process.env.PORT ?? 3000)
const hostname = process.env.HOST ?? '127.0.0.1'

// What is missing is said at the start, and not by answers that are never ready.
const drainMs = drainSecondsOrEnd() * 1_000

function drainSecondsOrEnd(): number {
  try {
    return readEnv().INFRASAGE_DRAIN_SECONDS
  } catch (error) {
    return failStart(error)
  }
}

const server = createServer()
// Large bodies of telemetry take their time, but a client that sends nothing is let go.
server.requestTimeout = 60_000
const app = next({ dev, hostname, port, dir: path.resolve(import.meta.dirname, '../..'), httpServer: server })
await app.prepare()
const handle = app.getRequestHandler()
const upgrade = app.getUpgradeHandler()
const leaveTaking = new LeaveTaking(server)
const proxies = proxyList(process.env.INFRASAGE_TRUSTED_PROXIES)
server.on('request', (request, response) => {
  if (refusesMethod(request, response)) return
  believeOnlyProxies(request, proxies)
  keepToHttps(response, process.env.NEXTAUTH_URL)
  if (leaveTaking.meets(request, response)) return
  void handle(request, response)
})
server.on('upgrade', (request, socket, head) => void upgrade(request, socket, head))

server.once('error', (error) => {
  process.stderr.write(`The web server cannot listen on ${hostname}:${port}: ${error.message}\n`)
  process.exit(1)
})
server.listen(port, hostname, reportReady)

// Without a time of its own it is the supervisor who ends it, together with everything else.
exitWithParent((withinMs) => leaveTaking.leave({ atOnce: shutdownMs() === null, drainMs, withinMs }))
