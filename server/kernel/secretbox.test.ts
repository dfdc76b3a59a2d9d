import { createCipheriv, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encryptionKeys, keyRing, seal, sealedPrefix, unseal } from './secretbox.ts'

const key = randomBytes(32)
const keys = keyRing(key)

test('what was sealed opens again under the same key and owner, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.uuid(), (plain, owner) => {
      expect(unseal(seal(plain, owner, keys), owner, keys)).toBe(plain)
    }),
  )
})

test('nothing opens under another key, for another owner, or with a bit changed', () => {
  const sealed = seal('token-of-a-cluster', 'connection/1', keys)
  const prefix = sealedPrefix(keys)
  expect(() => unseal(sealed, 'connection/1', keyRing(randomBytes(32)))).toThrow(
    /sealed under the key [0-9a-f]{8}/,
  )
  expect(() => unseal(sealed, 'connection/2', keys)).toThrow(/does not open/)
  const bytes = Buffer.from(sealed.slice(prefix.length), 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const altered = Buffer.from(bytes)
    altered.writeUInt8(altered.readUInt8(at) ^ 1, at)
    expect(() => unseal(prefix + altered.toString('base64url'), 'connection/1', keys)).toThrow(
      /does not open/,
    )
  }
  for (const strange of ['v0.abc', 'v2.abc', `${sealed}.more`, 'v1.abc', '']) {
    expect(() => unseal(strange, 'connection/1', keys)).toThrow(/unknown format/)
  }
})

test('of several keys the first seals and each opens what it sealed', () => {
  const old = seal('secret', 'a', keys)
  const both = keyRing(randomBytes(32), [key])
  expect(unseal(old, 'a', both)).toBe('secret')
  const renewed = seal('secret', 'a', both)
  expect(unseal(renewed, 'a', keyRing(both.sealing.key))).toBe('secret')
  expect(() => unseal(renewed, 'a', keys)).toThrow(/INFRASAGE_OLD_ENCRYPTION_KEYS takes it/)
})

test('what was sealed before keys had names opens under any of them', () => {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 }).setAAD(Buffer.from('a'))
  const body = Buffer.concat([cipher.update('of old', 'utf8'), cipher.final()])
  const sealed = `v1.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`
  expect(unseal(sealed, 'a', keys)).toBe('of old')
  expect(unseal(sealed, 'a', keyRing(randomBytes(32), [randomBytes(32), key]))).toBe('of old')
  expect(() => unseal(sealed, 'a', keyRing(randomBytes(32)))).toThrow(/does not open/)
})

test('the same text is sealed differently each time and is not readable', () => {
  const first = seal('token-of-a-cluster', 'a', keys)
  expect(seal('token-of-a-cluster', 'a', keys)).not.toBe(first)
  expect(Buffer.from(first.slice(12), 'base64url').toString('latin1')).not.toContain('token')
})

test('a missing or malformed key is named without being repeated', () => {
  expect(() => encryptionKeys({})).toThrow(/INFRASAGE_ENCRYPTION_KEY/)
  const short = { INFRASAGE_ENCRYPTION_KEY: 'secret-but-short' }
  expect(() => encryptionKeys(short)).toThrow(/^(?!.*secret-but)/)
  const good = { INFRASAGE_ENCRYPTION_KEY: 'ab'.repeat(32) }
  expect(encryptionKeys({ ...good, INFRASAGE_OLD_ENCRYPTION_KEYS: '' }).opening).toHaveLength(1)
  const old = { ...good, INFRASAGE_OLD_ENCRYPTION_KEYS: `${'cd'.repeat(32)}, ${'ef'.repeat(32)}` }
  expect(encryptionKeys(old).opening).toHaveLength(3)
  const wrong = { ...good, INFRASAGE_OLD_ENCRYPTION_KEYS: 'secret-but-short' }
  expect(() => encryptionKeys(wrong)).toThrow(/^(?!.*secret-but).*INFRASAGE_OLD_ENCRYPTION_KEYS/)
})
