import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encryptionKey, seal, unseal } from './secretbox.ts'

const key = randomBytes(32)

test('what was sealed opens again under the same key and owner, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.uuid(), (plain, owner) => {
      expect(unseal(seal(plain, owner, key), owner, key)).toBe(plain)
    }),
  )
})

test('nothing opens under another key, for another owner, or with a bit changed', () => {
  const sealed = seal('token-of-a-cluster', 'connection/1', key)
  expect(() => unseal(sealed, 'connection/1', randomBytes(32))).toThrow(/does not open/)
  expect(() => unseal(sealed, 'connection/2', key)).toThrow(/does not open/)
  const bytes = Buffer.from(sealed.slice(3), 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const altered = Buffer.from(bytes)
    altered.writeUInt8(altered.readUInt8(at) ^ 1, at)
    expect(() => unseal(`v1.${altered.toString('base64url')}`, 'connection/1', key)).toThrow(/does not open/)
  }
  expect(() => unseal('v0.abc', 'connection/1', key)).toThrow(/unknown format/)
})

test('the same text is sealed differently each time and is not readable', () => {
  const first = seal('token-of-a-cluster', 'a', key)
  expect(seal('token-of-a-cluster', 'a', key)).not.toBe(first)
  expect(Buffer.from(first.slice(3), 'base64url').toString('latin1')).not.toContain('token')
})

test('a missing or malformed key is named without being repeated', () => {
  expect(() => encryptionKey({})).toThrow(/INFRASAGE_ENCRYPTION_KEY/)
  expect(() => encryptionKey({ INFRASAGE_ENCRYPTION_KEY: 'secret-but-short' })).toThrow(/^(?!.*secret-but)/)
})
