import type { DescMessage } from '@bufbuild/protobuf'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { TooLargeError } from '../../kernel/errors.ts'

/**
 * Walks an encoded message without building it and refuses more nested messages than `limit`: an empty message takes
 * two bytes on the wire and a hundred in memory.
 * @throws TooLargeError, or the reader's own error where the encoding is broken.
 */
export function refuseTooManyMessages(bytes: Uint8Array, schema: DescMessage, limit: number): void {
  let count = 0
  const childrenOf = new Map<DescMessage, Map<number, DescMessage>>()
  const childrenIn = (message: DescMessage): Map<number, DescMessage> => {
    const known = childrenOf.get(message)
    if (known) return known
    const children = new Map<number, DescMessage>()
    for (const field of message.fields) if (field.message) children.set(field.number, field.message)
    childrenOf.set(message, children)
    return children
  }
  const walk = (part: Uint8Array, message: DescMessage): void => {
    const children = childrenIn(message)
    const reader = new BinaryReader(part)
    while (reader.pos < reader.len) {
      const [number, type] = reader.tag()
      const child = type === WireType.LengthDelimited ? children.get(number) : undefined
      if (!child) {
        reader.skip(type, number)
        continue
      }
      count++
      if (count > limit) {
        throw new TooLargeError(`The request has more than ${limit} parts. Send fewer samples in a request.`)
      }
      const body = reader.bytes()
      if (childrenIn(child).size > 0) walk(body, child)
    }
  }
  walk(bytes, schema)
}
