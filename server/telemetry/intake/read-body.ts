import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { InvalidInputError, TooLargeError } from '../../kernel/errors.ts'
import { intakeLimits } from '../limits.ts'

const tooLarge = () =>
  new TooLargeError(
    `The body is larger than ${intakeLimits.compressedBytes} bytes. Send fewer samples in a request.`,
  )

/** The whole body as sent. @throws TooLargeError as soon as it is known to be larger than the intake takes. */
export async function readBody(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length')) > intakeLimits.compressedBytes) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > intakeLimits.compressedBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const unzip = promisify(gunzip)

/** Unpacks gzip, never more than the intake takes. @throws InvalidInputError, TooLargeError */
export async function gunzipBody(bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return await unzip(bytes, { maxOutputLength: intakeLimits.uncompressedBytes })
  } catch (error) {
    if (error instanceof RangeError) {
      throw new TooLargeError(
        `The body unpacks to more than ${intakeLimits.uncompressedBytes} bytes. Send fewer samples in a request.`,
      )
    }
    throw new InvalidInputError('The body is no gzip, although Content-Encoding says so.', [
      {
        path: 'Content-Encoding',
        message: 'gzip cannot be unpacked',
        expected: 'gzip, or no Content-Encoding',
      },
    ])
  }
}
