import { setTimeout as delay } from 'node:timers/promises'

/** Something that acts again and again, as a controller does. */
export type Ticking = {
  /** Resolves when it has acted twice more: once at least from beginning to end. */
  twice(): Promise<void>
  stop(): Promise<void>
}

/** Acts, rests, and acts again until it is stopped. An action that fails ends it, and is thrown to who waits. */
export function everyTick(restMs: number, act: () => Promise<void>): Ticking {
  const stopping = new AbortController()
  let acted = 0
  let wake = Promise.withResolvers<void>()
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await act()
      acted++
      wake.resolve()
      wake = Promise.withResolvers<void>()
      await delay(restMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  })()
  running.catch(() => undefined)
  return {
    twice: async () => {
      const until = acted + 2
      while (acted < until) await Promise.race([wake.promise, running])
    },
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}
