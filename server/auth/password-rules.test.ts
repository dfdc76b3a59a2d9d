import { expect, test } from 'vitest'
import { breachedDigests } from './breached-digests.ts'
import { isBreached } from './breached-passwords.ts'
import { readablePassword } from './generated-secret.ts'
import { weaknessOf } from './password-rules.ts'

const ann = { email: 'ann.miller@acme-widgets.example', name: 'Ann Miller' }

test.each([
  'password1234',
  'Passw0rd2026!',
  'P@$$w0rd!!!!',
  'qwertyuiop123',
  '123456789012',
  'abcdefghijkl',
  'aaaaaaaaaaaaaa',
  'ababababababab',
  'correcthorsebatterystaple',
  'Summer2026Summer',
  'letmeinletmein',
  'InfraSage2026!',
  'infrasage-admin',
  'AnnMiller1990!',
  'acme-widgets-1',
  '1qaz2wsx1qaz2wsx',
])('%s is refused', (password) => {
  expect(weaknessOf(password, ann)).not.toBeNull()
})

test.each([
  'quiet harbour lantern',
  'tr0ubadour&3xylophones',
  'first password of eve',
  'Zq8!mW2@rT6#',
  readablePassword('00112233445566778899aabbccddeeff0123456789abcdef'),
])('%s is taken', (password) => {
  expect(weaknessOf(password, ann)).toBeNull()
})

test.each(['mailcreated5240', 'finalfantasy', 'Supernatural', 'hd764nw5d7e1vb1', 'ghjcnjghjcnj'])(
  '%s leaked before and is refused for it, in any case',
  (password) => {
    expect(weaknessOf(password, ann)).toMatch(/leaked/)
    expect(weaknessOf(password.toUpperCase(), ann)).toMatch(/leaked/)
  },
)

test('the list has the leaked passwords in order, far more than the 3000 that ASVS asks for', () => {
  const digests = Buffer.from(breachedDigests, 'base64').toString('hex').match(/.{10}/g) ?? []
  expect(digests.length).toBeGreaterThan(40_000)
  expect(digests.every((digest, i) => i === 0 || digest > (digests[i - 1] ?? ''))).toBe(true)
  const missed = Array.from({ length: 20_000 }, (_, i) => `never leaked ${i} violet`).filter(isBreached)
  expect(missed).toEqual([])
})
