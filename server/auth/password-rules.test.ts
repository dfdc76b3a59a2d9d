import { expect, test } from 'vitest'
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
