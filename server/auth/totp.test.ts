import { expect, test } from 'vitest'
import { base32, hotp, keyUri, matchingStep, stepAt } from './totp.ts'

const secret = Buffer.from('12345678901234567890', 'ascii')

test.each([
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
])('RFC 6238, appendix B: %i s', (seconds, code) => {
  expect(hotp(secret, stepAt(new Date(seconds * 1_000)), 8)).toBe(code)
})

test('RFC 4226, appendix D', () => {
  const codes = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ')
  expect(codes.map((_, counter) => hotp(secret, counter))).toEqual(codes)
})

test.each([
  ['', ''],
  ['f', 'MY'],
  ['foob', 'MZXW6YQ'],
  ['foobar', 'MZXW6YTBOI'],
])('RFC 4648, section 10: "%s"', (text, encoded) => {
  expect(base32(Buffer.from(text))).toBe(encoded)
})

test('a code is taken in its own step and the one beside it, and never twice', () => {
  const at = new Date('2026-03-02T09:00:10Z')
  const step = stepAt(at)
  for (const near of [step - 1, step, step + 1]) {
    expect(matchingStep(secret, hotp(secret, near), { at, lastStep: null })).toBe(near)
    expect(matchingStep(secret, hotp(secret, near), { at, lastStep: near })).toBeNull()
  }
  for (const far of [step - 2, step + 2]) {
    expect(matchingStep(secret, hotp(secret, far), { at, lastStep: null })).toBeNull()
  }
  expect(matchingStep(secret, hotp(secret, step), { at, lastStep: step + 1 })).toBeNull()
})

test('the key URI names issuer and account', () => {
  expect(keyUri(secret, 'ann@example.com', 'Infra Sage')).toBe(
    'otpauth://totp/Infra%20Sage:ann%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Infra+Sage&digits=6&period=30&algorithm=SHA1',
  )
})
