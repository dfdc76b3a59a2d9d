/** Crockford's alphabet, lower case: no letter that is read as another. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** Four groups of five characters, 100 bits, from a nonce of at least 20 bytes in hex. */
export function readablePassword(nonce: string): string {
  const letters = [...Buffer.from(nonce, 'hex').subarray(0, 20)].map((byte) => alphabet[byte & 31])
  return [0, 5, 10, 15].map((at) => letters.slice(at, at + 5).join('')).join('-')
}
