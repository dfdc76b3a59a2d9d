import { uncompress } from 'snappy'
import { InvalidInputError, TooLargeError } from '../../kernel/errors.ts'
import { intakeLimits } from '../limits.ts'

/** Three bytes of a copy element stand for at most 64: no block grows by more than 64 / 3, some 21.4 times. */
const mostGrowth = 22

const notSnappy = (problem: string) =>
  new InvalidInputError(`The body is not a snappy block: ${problem}.`, [
    {
      path: 'body',
      message: problem,
      expected: 'snappy block format, as in Prometheus remote write; not the framed format, not gzip',
    },
  ])

/**
 * Takes a snappy block apart. The length that it declares is judged before anything is reserved for it.
 * @throws InvalidInputError, or TooLargeError when it declares more than the intake takes.
 */
export async function uncompressBlock(bytes: Uint8Array): Promise<Uint8Array> {
  const declared = declaredLength(bytes)
  if (declared > intakeLimits.uncompressedBytes) {
    throw new TooLargeError(
      `The body unpacks to ${declared} bytes; the limit is ${intakeLimits.uncompressedBytes}. Send fewer samples in a request.`,
    )
  }
  if (declared > bytes.length * mostGrowth) {
    throw notSnappy(`it declares ${declared} bytes, which ${bytes.length} bytes cannot hold`)
  }
  try {
    return Buffer.from(await uncompress(bytes, { asBuffer: true }))
  } catch {
    throw notSnappy('it is damaged or cut short')
  }
}

/** The varint at the start of the block: how long the content says it is. */
function declaredLength(bytes: Uint8Array): number {
  let length = 0
  for (let index = 0; index < 5; index++) {
    const byte = bytes[index]
    if (byte === undefined) throw notSnappy(bytes.length === 0 ? 'it is empty' : 'its length is cut short')
    length += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return length
  }
  throw notSnappy('its length is not a 32-bit number')
}
