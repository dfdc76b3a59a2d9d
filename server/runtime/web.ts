import { createServer } from 'node:http'
import path from 'node:path'
import next from 'next'
import { exitWithParent, reportReady } from '../kernel/child.ts'
import { believeOnlyProxies, proxyList } from './client-address.ts'
import { keepToHttps } from './keep-to-https.ts'

/** The web server: Next on HOST and PORT, as a process that the supervisor starts. `--dev` compiles as one edits. */
const dev = process.argv.includes('--dev')
const port = Number(process.env.PORT ?? 3000)
const hostname = process.env.HOST ?? '127.0.0.1'

const server = createServer()
// Large bodies of telemetry take their time, but a client that sends nothing is let go.
server.requestTimeout = 60_000
const app = next({ dev, hostname, port, dir: path.resolve(import.meta.dirname, '../..'), httpServer: server })
await app.prepare()
const handle = app.getRequestHandler()
const upgrade = app.getUpgradeHandler()
const proxies = proxyList(process.env.INFRASAGE_TRUSTED_PROXIES)
server.on('request', (request, response) => {
  believeOnlyProxies(request, proxies)
  keepToHttps(response, process.env.NEXTAUTH_URL)
  void handle(request, response)
})
server.on('upgrade', (request, socket, head) => void upgrade(request, socket, head))

server.once('error', (error) => {
  process.stderr.write(`The web server cannot listen on ${hostname}:${port}: ${error.message}\n`)
  process.exit(1)
})
server.listen(port, hostname, reportReady)

exitWithParent(() => {
  // Open event streams would keep the server alive for ever.
  server.close()
  server.closeAllConnections()
})
