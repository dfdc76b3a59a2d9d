import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

/** Answers that are under way at the end may still be sent until so long before it. */
const lastAnswersMs = 1_000
const idleLookMs = 250

const notReady = JSON.stringify({
  status: 'not-ready',
  checks: [{ name: 'process', ok: false, problem: 'the process is about to end; another one answers' }],
})

/** How a web server ends so that whoever sends it requests loses none: first it says so and serves on, then it closes. */
export class LeaveTaking {
  readonly #server: Server
  /** Streams of events that are open. */
  readonly #streams = new Set<ServerResponse>()
  #leaving = false

  constructor(server: Server) {
    this.#server = server
  }

  /** Looks at a request before it is answered. @returns whether it has its answer with that */
  meets({ headers, url = '' }: Pick<IncomingMessage, 'headers' | 'url'>, response: ServerResponse): boolean {
    if (headers.accept?.includes('text/event-stream')) {
      this.#streams.add(response)
      response.once('close', () => this.#streams.delete(response))
    }
    if (!this.#leaving) return false
    // Whoever keeps a connection would send its next request into its end.
    response.setHeader('Connection', 'close')
    if (url.split('?')[0] !== '/api/health/ready') return false
    response.writeHead(503, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(notReady)
    return true
  }

  /**
   * Is not ready from now on and serves for `drainMs`, half of `withinMs` at most; then takes no more, ends event streams and lets what is under way be answered
   * until shortly before `withinMs` are over. `atOnce`: whoever asks is the one who ends it, and what is under way is cut off.
   */
  async leave(
    { atOnce, drainMs, withinMs }: { atOnce: boolean; drainMs: number; withinMs: number },
    wait: (ms: number) => Promise<unknown> = delay,
  ): Promise<void> {
    this.#leaving = true
    const served = atOnce ? 0 : Math.min(drainMs, withinMs / 2)
    if (served > 0) await wait(served)
    const closed = once(this.#server, 'close')
    this.#server.close()
    // Event streams never end by themselves; whoever listens to one comes back to another process.
    for (const response of this.#streams) response.destroy()
    if (atOnce) this.#server.closeAllConnections()
    // A connection that is kept alive after its last answer would hold the server for as long as that lasts.
    const idle = setInterval(() => this.#server.closeIdleConnections(), idleLookMs)
    const left = Math.max(withinMs - served - lastAnswersMs, 0)
    const late = setTimeout(() => this.#server.closeAllConnections(), left)
    await closed
    clearInterval(idle)
    clearTimeout(late)
  }
}
