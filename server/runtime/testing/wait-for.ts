import { setTimeout as delay } from 'node:timers/promises'

/**
 * Looks every 20 ms until `look` returns something, and returns that.
 * @throws when nothing came in time, naming `what` was waited for
 */
export async function waitFor<T>(
  what: string,
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s in vain for ${what}.`)
    await delay(20)
  }
}
