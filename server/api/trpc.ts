import { initTRPC } from '@trpc/server'
import superjson from 'superjson'
import { requirePerson } from '../auth/index.ts'
import { authorise } from '../kernel/context.ts'
import { UnauthenticatedError } from '../kernel/errors.ts'
import type { Permission } from '../kernel/roles.ts'
import { asServiceError, toTrpcError } from './errors.ts'
import type { RequestContext } from './request-context.ts'

/** What a procedure asks of its caller, whatever the roles; `signed-in`: any person or key, `in-person`: no key;
 * `enrolling`: a person, also one whose sign-in waits for a second factor to be set up. */
export type ProcedureMeta = { permission: Permission | 'signed-in' | 'in-person' | 'enrolling' }

const t = initTRPC
  .context<RequestContext>()
  .meta<ProcedureMeta>()
  .create({
    transformer: superjson,
    sse: { ping: { enabled: true, intervalMs: 10_000 }, client: { reconnectAfterInactivityMs: 30_000 } },
    errorFormatter: ({ shape, error, ctx }) => {
      const refusal = asServiceError(error)
      return {
        ...shape,
        data: {
          code: shape.data.code,
          httpStatus: shape.data.httpStatus,
          path: shape.data.path,
          details: refusal?.details ?? [],
          requestId: ctx?.requestId ?? null,
        },
      }
    },
  })

export const router = t.router
export const createCaller = t.createCallerFactory

const mapped = t.middleware(async ({ ctx, path, next }) => {
  const result = await next()
  if (result.ok) return result
  throw toTrpcError(result.error, ctx, path)
})

/** Every procedure begins here: it names its permission, and nobody without it gets as far as the input. */
export function procedure(permission: ProcedureMeta['permission']) {
  return t.procedure
    .meta({ permission })
    .use(mapped)
    .use(({ ctx, next }) => {
      const { enrolling } = ctx
      if (permission === 'enrolling' && enrolling) return next({ ctx: { ...ctx, actor: enrolling } })
      if (permission === 'in-person' || permission === 'enrolling') requirePerson(ctx)
      else if (permission !== 'signed-in') authorise(ctx, permission)
      else if (ctx.actor.kind === 'anonymous') throw new UnauthenticatedError()
      return next()
    })
}
