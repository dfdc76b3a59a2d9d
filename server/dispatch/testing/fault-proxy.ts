import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { KubeConfig } from '@kubernetes/client-node'
import { Agent, fetch } from 'undici'
import { kubeconfigFor } from './kubernetes-stand-in.ts'

/** What goes wrong with the next write: whether it reaches the API server first, and what comes back instead of its answer. */
export type ProxyFault = {
  effect: boolean
  answer: 'reset' | 'half-open' | { status: number; headers?: Record<string, string> }
}

/** How long one request is under way, and the answer to it. */
export type ProxyDelay = { requestMs: number; answerMs: number }

export type FaultProxy = {
  kubeconfig: string
  /** Makes the way slow, when set: asked once for each request. What is under way arrives though its sender has died. */
  delay: (() => ProxyDelay) | null
  /** Hears of each write that is no dry run as it comes, with its path. */
  onWrite: ((path: string) => void) | null
  /** Used up in order by writes that are no dry runs. */
  faults: ProxyFault[]
  /** Writes that were sent on to the API server. */
  passed: number
  close(): Promise<void>
}

/** Stands between a client and the real API server, and lets through, loses, holds or falsifies what it is told to. */
export async function startFaultProxy(adminKubeconfig: string, token = 'admin-token'): Promise<FaultProxy> {
  const config = new KubeConfig()
  config.loadFromString(adminKubeconfig)
  const cluster = config.getCurrentCluster()
  const behind = new Agent({ connect: { ca: Buffer.from(cluster?.caData ?? '', 'base64') } })
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request
    const body = await buffer(request)
    const isWrite = method !== 'GET' && url.includes('/deployments/') && !url.includes('dryRun')
    const fault = isWrite ? proxy.faults.shift() : undefined
    const { requestMs, answerMs } = proxy.delay?.() ?? { requestMs: 0, answerMs: 0 }
    if (isWrite) proxy.onWrite?.(url)
    if (requestMs > 0) await delay(requestMs)
    const ask = async () => {
      const { authorization = '', accept = '*/*', 'content-type': type } = request.headers
      const headers = { authorization, accept, ...(type === undefined ? {} : { 'content-type': type }) }
      if (isWrite) proxy.passed++
      const answer = await fetch(`${cluster?.server}${url}`, {
        ...{ method, headers, dispatcher: behind },
        ...(body.length > 0 ? { body } : {}),
      })
      return { status: answer.status, text: await answer.text() }
    }
    const real = fault === undefined || fault.effect ? await ask() : null
    if (answerMs > 0) await delay(answerMs)
    const instead = fault?.answer ?? null
    if (instead === 'half-open') return
    if (instead === 'reset') {
      request.socket.resetAndDestroy()
      return
    }
    const status = instead?.status ?? real?.status ?? 502
    const said = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code: status,
      message: `made up: ${status}`,
    }
    response.writeHead(status, { 'content-type': 'application/json', ...instead?.headers })
    response.end(instead === null ? (real?.text ?? '') : JSON.stringify(said))
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const proxy: FaultProxy = {
    kubeconfig: kubeconfigFor(`http://127.0.0.1:${port}`, token),
    delay: null,
    onWrite: null,
    faults: [],
    passed: 0,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      await behind.close()
    },
  }
  return proxy
}
