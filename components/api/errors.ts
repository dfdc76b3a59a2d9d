import { TRPCClientError } from '@trpc/client'
import type { AppRouter } from '../../server/api/router.ts'

/** The server's code, e.g. `CONFLICT`; null when no answer came. */
export function errorCodeOf(error: unknown): string | null {
  return (error instanceof TRPCClientError && asOurs(error).data?.code) || null
}

/** What to tell the person: the server's own words, or that it could not be reached. */
export function errorMessageOf(error: unknown): string {
  if (error instanceof TRPCClientError && asOurs(error).data) return error.message
  return 'The server could not be reached. Check the connection and try again.'
}

/** What was wrong with single fields: path → message. */
export function fieldErrorsOf(error: unknown): Record<string, string> {
  if (!(error instanceof TRPCClientError)) return {}
  const details = asOurs(error).data?.details ?? []
  return Object.fromEntries(details.flatMap(({ path, message }) => (path ? [[path, message]] : [])))
}

const asOurs = (error: TRPCClientError<AppRouter>): TRPCClientError<AppRouter> => error
