import { EventEmitter, on } from 'node:events'
import { type Change, listen } from '../kernel/bus.ts'
import { systemClock } from '../kernel/clock.ts'
import { publicUrl } from '../kernel/env.ts'
import { UnavailableError } from '../kernel/errors.ts'
import { type Host, openHost } from '../kernel/host.ts'
import { createLogger } from '../kernel/log.ts'
import type { ChangeFeed } from './request-context.ts'
import { type CountRequests, countingRequests } from './request-limits.ts'

/** What the web server holds open: one of each for the process. */
export type WebHost = Host & { publicUrl: string; changes: ChangeFeed; countRequests: CountRequests }

// On globalThis, so that a module that is loaded again in development finds the connections of its forerunner.
const holder: { infrasageWebHost?: Promise<WebHost> } = globalThis as typeof globalThis & {
  infrasageWebHost?: Promise<WebHost>
}

/**
 * Connects at the first request; a failure is forgotten, so that the next request tries again.
 * @throws UnavailableError when the environment is not complete or the database cannot be reached.
 */
export function webHost(): Promise<WebHost> {
  holder.infrasageWebHost ??= openWebHost().catch((error) => {
    holder.infrasageWebHost = undefined
    createLogger('web').error({ err: error }, 'the web server cannot connect')
    throw new UnavailableError('The database cannot be reached at the moment. Try again shortly.')
  })
  return holder.infrasageWebHost
}

async function openWebHost(): Promise<WebHost> {
  const host = await openHost('web', { supervise: false })
  const limits = {
    personPerMinute: host.env.INFRASAGE_PERSON_REQUESTS_PER_MINUTE,
    keyPerMinute: host.env.INFRASAGE_KEY_REQUESTS_PER_MINUTE,
  }
  const countRequests = countingRequests(limits, systemClock)
  return { ...host, publicUrl: publicUrl(host.env), changes: sharedFeed(host), countRequests }
}

/** One listener on the database for all screens of this process. */
function sharedFeed({ env, log }: Host): ChangeFeed {
  const emitter = new EventEmitter<{ change: [Change] }>().setMaxListeners(0)
  listen(env.DATABASE_URL, log, (change) => emitter.emit('change', change))
  return async function* (signal) {
    try {
      for await (const [change] of on(emitter, 'change', { signal })) yield change
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}
