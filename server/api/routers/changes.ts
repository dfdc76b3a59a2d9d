import { z } from 'zod'
import type { Change } from '../../kernel/bus.ts'
import { toTrpcError } from '../errors.ts'
import { recheckedEvery } from '../rechecked.ts'
import { procedure } from '../trpc.ts'

const recheckMs = 5_000

/**
 * What changes, as it changes; only names, so that each screen fetches again with its own rights. Ends when the
 * session does, within `recheckMs`.
 */
export const changes = procedure('signed-in')
  .input(z.object({}).optional())
  .subscription(async function* ({ ctx, signal, path }): AsyncGenerator<Change> {
    const ended = signal ?? new AbortController().signal
    try {
      yield* recheckedEvery(recheckMs, ended, ctx.changes, ctx.reauthenticate)
    } catch (error) {
      // What is thrown after the first item no longer passes the middleware.
      throw toTrpcError(error, ctx, path)
    }
  })
