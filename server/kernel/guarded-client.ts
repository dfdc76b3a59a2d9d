import http from 'node:http'
import https from 'node:https'
import type { Agent, Dispatcher } from 'undici'
import { type Guard, guardedLookup, hostOf, OutboundError, requireLiteral } from './outbound-address.ts'

/** What a server is believed by, and what we are known by to it; all as PEM. */
export type TlsSettings = { ca?: string; cert?: string; key?: string; servername?: string }

export type GuardedRequest = {
  url: string
  method: Dispatcher.HttpMethod
  headers: Record<string, string>
  body?: string
  /** From the name's look-up to the last byte of the answer. */
  timeoutMs: number
  maxAnswerBytes: number
}

export type GuardedAnswer = { status: number; headers: http.IncomingHttpHeaders; body: Buffer }

/** Sends requests to addresses that a person gave, over connections that are kept and used again. */
export type GuardedClient = {
  /** No redirect is followed. @throws OutboundError, or what the network said */
  send(request: GuardedRequest): Promise<GuardedAnswer>
  /** Ends the connections; what is under way breaks off. */
  close(): Promise<void>
}

/**
 * The one client for addresses that a person gave. Every connection, of a redirect or a retry too, would go through the same
 * look-up: what it finds is held against what is denied, and connected to as it was found.
 */
export function guardedClient(guard: Guard, tls: TlsSettings = {}): GuardedClient {
  let made: Promise<Connections> | undefined
  return {
    send: async (request) => {
      made ??= guardedAgent(guard, tls)
      return exchange(await made, request)
    },
    close: async () => {
      await (await made)?.agent.destroy()
    },
  }
}

type Connections = { agent: Agent; send: typeof import('undici').request }

/** undici takes a while to load, which a process that calls nobody need not spend. */
async function guardedAgent(guard: Guard, tls: TlsSettings): Promise<Connections> {
  const { Agent, buildConnector, request } = await import('undici')
  const settings = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined))
  const connect = buildConnector({ ...settings, allowH2: false, lookup: guardedLookup(guard) })
  const agent = new Agent({
    allowH2: false,
    connect: (options, done) => {
      try {
        requireLiteral(hostOf(options), guard)
      } catch (refused) {
        return done(refused instanceof Error ? refused : new Error(String(refused)), null)
      }
      connect(options, done)
    },
  })
  return { agent, send: request }
}

async function exchange({ agent, send }: Connections, request: GuardedRequest): Promise<GuardedAnswer> {
  const { timeoutMs, maxAnswerBytes, url, ...init } = request
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const answer = await send(url, { ...init, dispatcher: agent, signal })
    const parts: Buffer[] = []
    let size = 0
    for await (const part of answer.body as AsyncIterable<Buffer>) {
      size += part.length
      if (size > maxAnswerBytes) {
        throw new OutboundError('too_large', `the answer is larger than ${maxAnswerBytes} bytes`)
      }
      parts.push(part)
    }
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }
  } catch (error) {
    if (signal.aborted) throw new OutboundError('timeout', `no whole answer came within ${timeoutMs} ms`)
    throw error
  }
}

/** The same guard for a library that brings its own HTTP client: an agent for requests of the protocol of `url`. */
export function guardedHttpAgent(url: string, guard: Guard): http.Agent {
  const base = new URL(url).protocol === 'https:' ? https.Agent : http.Agent
  return new (class extends base {
    override createConnection(...[options, done]: Parameters<http.Agent['createConnection']>) {
      requireLiteral((options.host ?? '').toLowerCase(), guard)
      return super.createConnection({ ...options, lookup: guardedLookup(guard) }, done)
    }
  })()
}
