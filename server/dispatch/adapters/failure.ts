import { ForbiddenError, NotFoundError, type ServiceError, UnavailableError } from '../../kernel/errors.ts'
import { OutboundError } from '../../kernel/outbound-address.ts'
import type { NotApplied } from '../contract.ts'

/** An answer that is not a success, in the words of `ApplyOutcome`. */
export type Failure = NotApplied

/** Failures of a connection that come before the first byte of a request is sent. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/**
 * What an HTTP status says about a write. 5xx, 408 and redirects may follow the effect: `unknown`. 429 is answered
 * before anything is done: `retryable`. `retryAfter`: the header of that name.
 */
export function failureOfStatus(status: number, message: string, retryAfter?: string | null): Failure {
  const retryAfterSeconds = retryAfterOf(retryAfter)
  const said = {
    ...{ message, status, raw: { status, message } },
    ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
  }
  if (status === 409 || status === 412) return { kind: 'conflict', ...said }
  if (status === 429) return { kind: 'retryable', ...said }
  if (status === 408 || status < 400 || status >= 500) return { kind: 'unknown', ...said }
  return { kind: 'refused', ...said }
}

const longestRetryAfterSeconds = 600

/** Seconds of a `Retry-After` header; null if it gives none, or a date, which nobody sends here. */
function retryAfterOf(header: string | null | undefined): number | null {
  if (!header || !/^\d{1,9}$/.test(header.trim())) return null
  return Math.min(Number(header), longestRetryAfterSeconds)
}

/**
 * What a broken connection says about a write: `retryable` if nothing was sent, otherwise `unknown`; `refused` if the address
 * is one that is not called.
 */
export function failureOfNetwork(error: unknown): Failure {
  const codes = errorCodes(error)
  const message = describe(error)
  const denied = error instanceof OutboundError && error.fault === 'address'
  if (denied) return { kind: 'refused', message, raw: { error: 'address', message } }
  const kind = codes.some((code) => neverSent.has(code)) ? 'retryable' : 'unknown'
  return { kind, message, raw: { error: codes[0] ?? 'unknown', message } }
}

/** The same for a read, where nothing can have changed: the error that `observe` throws. */
export function observeError(
  status: number | null,
  target: string,
  message: string,
  retryAfter?: string | null,
): ServiceError {
  if (status === 404) return new NotFoundError('target', target)
  if (status === 401)
    return new ForbiddenError(
      `The credentials of the connection are not accepted, or have expired, when "${target}" is read: ${message}`,
    )
  if (status === 403) {
    return new ForbiddenError(`The credentials of the connection may not read "${target}": ${message}`)
  }
  return new UnavailableError(`"${target}" could not be read: ${message}`, retryAfterOf(retryAfter))
}

/** Names and codes along the causes of an error, innermost first: `fetch` wraps what really happened. */
function errorCodes(error: unknown): string[] {
  const codes: string[] = []
  for (let at: unknown = error; at instanceof Error && codes.length < 8; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') codes.unshift(at.code)
    else codes.unshift(at.name)
  }
  return codes
}

export function describe(error: unknown): string {
  let deepest: unknown = error
  for (let depth = 0; depth < 8 && deepest instanceof Error && deepest.cause instanceof Error; depth++) {
    deepest = deepest.cause
  }
  return deepest instanceof Error ? deepest.message || errorCodes(deepest).join(' ') : String(deepest)
}
