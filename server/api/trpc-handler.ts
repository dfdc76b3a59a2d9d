import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { randomIds } from '../kernel/ids.ts'
import { createLogger } from '../kernel/log.ts'
import { createRequestContext } from './create-request-context.ts'
import { asServiceError, retryAfter, toTrpcError } from './errors.ts'
import { withLimitedBody } from './limit-body.ts'
import { appRouter } from './router.ts'

const log = createLogger('web')

/** Answers everything under /api/trpc, subscriptions as event streams. */
export function handleTrpc(request: Request): Promise<Response> {
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: withLimitedBody(request),
    router: appRouter,
    createContext: () =>
      createRequestContext(request).catch((error) => {
        throw toTrpcError(error, { log, requestId: randomIds.uuid() }, 'context')
      }),
    responseMeta: ({ errors }) => {
      const refusals = errors.map((error) => retryAfter(asServiceError(error)))
      return { headers: new Headers({ 'Cache-Control': 'no-store', ...Object.assign({}, ...refusals) }) }
    },
  })
}
