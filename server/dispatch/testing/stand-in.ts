import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { allowLoopback } from './allow-loopback.ts'

export type StandInStep = 'read' | 'dry-run' | 'write' | 'other'
export type StandInRequest = {
  method: string
  url: URL
  headers: IncomingMessage['headers']
  body: unknown
}
export type StandInAnswer = { status: number; body: unknown; headers?: Record<string, string> }

/** What goes wrong with the next request of a step: whether it still has its effect, and what comes back instead. */
export type Fault = { on: StandInStep; effect: boolean; answer: 'reset' | 'hang' | StandInAnswer }

export type Held = { arrived: Promise<void>; letGo(): void }

export type StandIn = {
  url: string
  /** Used up in order, each by the first request of its step. */
  faults: Fault[]
  /** Number of requests of each step that arrived. */
  arrived: Record<StandInStep, number>
  /** Delays before and after each request is handled, in milliseconds; none unless set. */
  delayMs: (step: StandInStep) => number
  /** Holds the next request of a step before it is handled, until it is let go. */
  holdNext(step: StandInStep): Held
  close(): Promise<void>
}

/**
 * A plain HTTP server on loopback that stands in for a target's API and misbehaves on demand. It is not the real thing:
 * what it answers was written after the vendor's documentation.
 */
export async function startStandIn(
  classify: (request: StandInRequest) => StandInStep,
  handle: (request: StandInRequest) => StandInAnswer,
): Promise<StandIn> {
  allowLoopback()
  const holds = new Map<StandInStep, () => Promise<void>>()
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const standIn: StandIn = {
    url: `http://127.0.0.1:${port}`,
    faults: [],
    arrived: { read: 0, 'dry-run': 0, write: 0, other: 0 },
    delayMs: () => 0,
    holdNext: (step) => {
      const arrived = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      holds.set(step, () => {
        arrived.resolve()
        return released.promise
      })
      return { arrived: arrived.promise, letGo: released.resolve }
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await text(incoming)
    const request: StandInRequest = {
      method: incoming.method ?? 'GET',
      url: new URL(incoming.url ?? '/', standIn.url),
      headers: incoming.headers,
      body: raw === '' ? null : JSON.parse(raw),
    }
    const step = classify(request)
    standIn.arrived[step]++
    const at = standIn.faults.findIndex(({ on }) => on === step)
    const fault = at < 0 ? undefined : standIn.faults.splice(at, 1)[0]
    await delay(standIn.delayMs(step))
    const hold = holds.get(step)
    holds.delete(step)
    await hold?.()
    const answer = fault && !fault.effect ? null : handle(request)
    await delay(standIn.delayMs(step))
    const instead = fault?.answer ?? answer
    if (instead === 'hang') return
    if (instead === 'reset' || instead === null) {
      incoming.socket.resetAndDestroy()
      return
    }
    response.writeHead(instead.status, { 'content-type': 'application/json', ...instead.headers })
    response.end(JSON.stringify(instead.body))
  }

  return standIn
}
