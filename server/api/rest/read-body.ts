import { InvalidInputError, TooLargeError, UnsupportedError } from '../../kernel/errors.ts'

const maxBytes = 1_000_000

/** @throws UnsupportedError unless it is JSON, TooLargeError over 1 MB, InvalidInputError when it does not parse. */
export async function readBody(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('application/json')) {
    throw new UnsupportedError(`Send "Content-Type: application/json"; this was "${type || 'nothing'}".`)
  }
  const tooLarge = new TooLargeError(`The body may have at most ${maxBytes} bytes.`)
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge
  const text = await request.text()
  if (text.length > maxBytes) throw tooLarge
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InvalidInputError(`The body is not JSON: ${error instanceof Error ? error.message : error}`)
  }
}
