import { expect, test, vi } from 'vitest'
import { hashPassword, verifyNothing, verifyPassword } from './password.ts'

// The hash is slow by design, and slower beside other work.
vi.setConfig({ testTimeout: 30_000 })

test('the right password passes, any other does not', async () => {
  const stored = await hashPassword('correct horse battery')
  expect(await verifyPassword('correct horse battery', stored)).toBe(true)
  expect(await verifyPassword('correct horse batterz', stored)).toBe(false)
  expect(await verifyPassword('', stored)).toBe(false)
})

test('two hashes of one password differ and say how they were made', async () => {
  const [one, two] = await Promise.all([hashPassword('same words here'), hashPassword('same words here')])
  expect(one).not.toBe(two)
  expect(one).toMatch(/^scrypt\$32768\$8\$3\$/)
})

test('a hash of another cost, as an older version made it, still verifies', async () => {
  const older = 'scrypt$16384$8$1$c2FsdHNhbHRzYWx0c2FsdA$wyMufedCuubisvpiRGwtSMHQe-JyxVMYG4qr_lP8mog'
  expect(await verifyPassword('older words', older)).toBe(true)
  expect(await verifyPassword('other words', older)).toBe(false)
})

test('a malformed hash is an error, not a refusal', async () => {
  await expect(verifyPassword('x', 'plain')).rejects.toThrow(/malformed/)
})

test('an unknown account never passes', async () => {
  expect(await verifyNothing('anything at all')).toBe(false)
})
