/** What every refusal says: what was wrong, where, and what would be right. */
export type ErrorDetail = { path?: string; message: string; expected?: string }

export type ErrorCode =
  | 'invalid_input'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'unsupported'
  | 'rate_limited'
  | 'unavailable'

/** A refusal that a caller may see. Anything else that is thrown stays inside and is logged. */
export class ServiceError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetail[]

  constructor(code: ErrorCode, message: string, details: ErrorDetail[] = []) {
    super(message)
    this.name = new.target.name
    this.code = code
    this.details = details
  }
}

export class InvalidInputError extends ServiceError {
  constructor(message: string, details: ErrorDetail[] = []) {
    super('invalid_input', message, details)
  }
}

export class UnauthenticatedError extends ServiceError {
  constructor(message = 'Sign in, or send an API key as "Authorization: Bearer …".') {
    super('unauthenticated', message)
  }
}

export class ForbiddenError extends ServiceError {
  constructor(message: string) {
    super('forbidden', message)
  }
}

export class NotFoundError extends ServiceError {
  constructor(what: string, id: string) {
    super('not_found', `There is no ${what} "${id}".`)
  }
}

/** Somebody was first, or the thing is in another state than the caller thought. */
export class ConflictError extends ServiceError {
  constructor(message: string, details: ErrorDetail[] = []) {
    super('conflict', message, details)
  }
}

export class TooLargeError extends ServiceError {
  constructor(message: string) {
    super('too_large', message)
  }
}

export class UnsupportedError extends ServiceError {
  constructor(message: string) {
    super('unsupported', message)
  }
}

export class RateLimitedError extends ServiceError {
  readonly retryAfterSeconds: number

  constructor(message: string, retryAfterSeconds: number) {
    super('rate_limited', message)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export class UnavailableError extends ServiceError {
  /** For how long the other side asked to be left alone; null if it did not say. */
  readonly retryAfterSeconds: number | null

  constructor(message: string, retryAfterSeconds: number | null = null) {
    super('unavailable', message)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** HTTP status of each code; used by the REST face, the intake and tRPC alike. */
export const httpStatus: Record<ErrorCode, number> = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported: 415,
  rate_limited: 429,
  unavailable: 503,
}
