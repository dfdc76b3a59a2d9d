/** Crockford's alphabet, lower case: no letter that is read as another. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** Groups of five characters, 25 bits each, from a nonce of 32 bytes in hex. */
export function readablePassword(nonce: string, groups = 4): string {
  const letters = [...Buffer.from(nonce, 'hex')].map((byte) => alphabet[byte & 31])
  return Array.from({ length: groups }, (_, i) => letters.slice(i * 5, i * 5 + 5).join('')).join('-')
}
