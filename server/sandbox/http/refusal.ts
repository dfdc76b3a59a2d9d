import { httpStatus, ServiceError } from '../../kernel/errors.ts'

/** A refusal with a status of HTTP's own that the kernel's errors have no name for. */
export class HttpRefusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'HttpRefusal'
    this.status = status
    this.code = code
  }
}

/** Status and body of anything that was thrown; null for what no caller may see. */
export function refusalOf(
  error: unknown,
): { status: number; body: { code: string; message: string } } | null {
  if (error instanceof HttpRefusal)
    return { status: error.status, body: { code: error.code, message: error.message } }
  if (error instanceof ServiceError)
    return { status: httpStatus[error.code], body: { code: error.code, message: error.message } }
  return null
}
