import type { Context } from './context.ts'
import type { ServiceError } from './errors.ts'

/** What an error is told with; `actor` where it is known by then who asks. */
export type Trace = Pick<Context, 'log' | 'requestId'> & Partial<Pick<Context, 'actor'>>

/** Who was turned away from what: somebody who tries doors is seen in the log of the server. */
export function logTurnedAway({ code, message }: ServiceError, { log, requestId, actor }: Trace): void {
  if (code !== 'forbidden' && code !== 'unauthenticated') return
  const who = actor && 'userId' in actor ? actor.userId : 'nobody signed in'
  log.warn({ requestId, code, who }, message)
}
