import { TRPCError } from '@trpc/server'
import { ZodError } from 'zod'
import { isDatabaseAway } from '../kernel/database-away.ts'
import {
  type ErrorCode,
  type ErrorDetail,
  httpStatus,
  InvalidInputError,
  RateLimitedError,
  ServiceError,
  UnavailableError,
} from '../kernel/errors.ts'
import { logTurnedAway, type Trace } from '../kernel/turned-away.ts'

type TrpcCode = ConstructorParameters<typeof TRPCError>[0]['code']

const trpcCode: Record<ErrorCode, TrpcCode> = {
  invalid_input: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  too_large: 'PAYLOAD_TOO_LARGE',
  unsupported: 'UNSUPPORTED_MEDIA_TYPE',
  rate_limited: 'TOO_MANY_REQUESTS',
  unavailable: 'SERVICE_UNAVAILABLE',
}

/** The body of every refusal, over REST and inside tRPC's `data`. `code` is ours, or `internal`. */
export type ErrorBody = {
  error: { code: ErrorCode | 'internal'; message: string; details: ErrorDetail[]; requestId: string }
}

const databaseAwaySeconds = 5
/** The answer to a commit may be what was lost, so that nobody is told that nothing was changed. */
const databaseAway =
  'The database does not answer at the moment. Try again in a few seconds; if you were changing something, look first whether it was kept.'

/** A refusal that the caller may see, or null for anything that must stay inside. */
export function asServiceError(error: unknown): ServiceError | null {
  if (error instanceof ServiceError) return error
  if (error instanceof ZodError) {
    const details = error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
    const where = details.map((detail) =>
      detail.path ? `${detail.path}: ${detail.message}` : detail.message,
    )
    return new InvalidInputError(where.join('; '), details)
  }
  if (error instanceof TRPCError && error.cause) return asServiceError(error.cause)
  if (isDatabaseAway(error)) return new UnavailableError(databaseAway, databaseAwaySeconds)
  return null
}

/** When to come back, for whoever asked too often or while something is away (RFC 9110, 10.2.3). */
export const retryAfter = (refusal: ServiceError | null): Record<string, string> =>
  (refusal instanceof RateLimitedError || refusal instanceof UnavailableError) &&
  refusal.retryAfterSeconds !== null
    ? { 'Retry-After': String(refusal.retryAfterSeconds) }
    : {}

const hidden = (requestId: string) =>
  `Something failed on our side, and nothing was changed by this request. It is in our log as ${requestId}.`

/** tRPC's error for whatever was thrown; what is not a refusal is logged here and hidden. */
export function toTrpcError(error: unknown, trace: Trace, path: string): TRPCError {
  const { log, requestId } = trace
  const refusal = asServiceError(error)
  if (isDatabaseAway(error)) log.error({ requestId, path, err: error }, 'the database is away')
  else if (refusal) logTurnedAway(refusal, trace)
  if (refusal)
    return new TRPCError({ code: trpcCode[refusal.code], message: refusal.message, cause: refusal })
  if (error instanceof TRPCError && error.code !== 'INTERNAL_SERVER_ERROR') return error
  log.error({ requestId, path, err: error instanceof TRPCError ? error.cause : error }, 'procedure failed')
  return new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: hidden(requestId) })
}

/** The REST answer for whatever a verb threw; what is not a refusal is logged here and hidden. */
export function toErrorResponse(error: unknown, request: Trace): Response {
  const refusal = asServiceError(error)
  const { requestId } = request
  if (isDatabaseAway(error)) request.log.error({ requestId, err: error }, 'the database is away')
  else if (refusal) logTurnedAway(refusal, request)
  if (!refusal) request.log.error({ requestId, err: error }, 'request failed')
  const body: ErrorBody = {
    error: refusal
      ? { code: refusal.code, message: refusal.message, details: refusal.details, requestId }
      : { code: 'internal', message: hidden(requestId), details: [], requestId },
  }
  const headers: Record<string, string> = { 'Cache-Control': 'no-store', 'X-Request-Id': requestId }
  if (refusal?.code === 'unauthenticated') headers['WWW-Authenticate'] = 'Bearer realm="InfraSage"'
  Object.assign(headers, retryAfter(refusal))
  return Response.json(body, { status: refusal ? httpStatus[refusal.code] : 500, headers })
}
