import { InvalidInputError, UnsupportedError } from '../../kernel/errors.ts'
import { withLimitedBody } from '../limit-body.ts'

/** @throws UnsupportedError unless it is JSON, TooLargeError over 1 MB, InvalidInputError when it does not parse. */
export async function readBody(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('application/json')) {
    throw new UnsupportedError(`Send "Content-Type: application/json"; this was "${type || 'nothing'}".`)
  }
  const text = await withLimitedBody(request).text()
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InvalidInputError(`The body is not JSON: ${error instanceof Error ? error.message : error}`)
  }
}
