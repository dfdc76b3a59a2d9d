import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockDataDir } from './data-dir-lock.ts'
import { forgetOldEncryptionKeys, renewEncryptionKey } from './encryption-key.ts'
import { secretFiles, secretsEnvironment } from './secrets.ts'

let dataDir: string

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'infrasage-secrets-'))
})

afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

test('secrets are made once, kept, and closed to others', () => {
  const first = secretsEnvironment(dataDir, {})
  expect(secretsEnvironment(dataDir, {})).toEqual(first)
  expect(first.INFRASAGE_ENCRYPTION_KEY).toMatch(/^[0-9a-f]{64}$/)
  for (const file of Object.values(secretFiles(dataDir))) expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('two installations share no secret', () => {
  const other = mkdtempSync(path.join(tmpdir(), 'infrasage-secrets-'))
  const [one, two] = [secretsEnvironment(dataDir, {}), secretsEnvironment(other, {})]
  rmSync(other, { recursive: true })
  for (const name of ['NEXTAUTH_SECRET', 'INFRASAGE_ENCRYPTION_KEY', 'INFRASAGE_SANDBOX_TOKEN'] as const) {
    expect(one[name]).not.toBe(two[name])
  }
})

test('what the environment sets wins, and its audit key is not made a second time', () => {
  const keyFile = path.join(dataDir, 'elsewhere.pem')
  const given = { NEXTAUTH_SECRET: 'x'.repeat(40), INFRASAGE_AUDIT_KEY_FILE: keyFile }
  expect(secretsEnvironment(dataDir, given)).toMatchObject(given)
  expect(existsSync(keyFile)).toBe(true)
  expect(existsSync(secretFiles(dataDir).auditKey)).toBe(false)
})

test('a damaged file is named, not replaced', () => {
  const { secrets } = secretFiles(dataDir)
  writeFileSync(secrets, '{"nextAuthSecret": "short"}')
  expect(() => secretsEnvironment(dataDir, {})).toThrow(secrets)
})

test('a new encryption key takes over; the one before it opens until it is forgotten', async () => {
  const given = { INFRASAGE_DATA_DIR: dataDir }
  await expect(renewEncryptionKey(given)).rejects.toThrow(/not kept in the data folder/)
  const first = secretsEnvironment(dataDir, {})
  await expect(renewEncryptionKey({ ...given, INFRASAGE_ENCRYPTION_KEY: 'a' })).rejects.toThrow(
    /INFRASAGE_OLD_ENCRYPTION_KEYS/,
  )
  await renewEncryptionKey(given)
  const second = secretsEnvironment(dataDir, {})
  expect(second.INFRASAGE_ENCRYPTION_KEY).not.toBe(first.INFRASAGE_ENCRYPTION_KEY)
  expect(second.INFRASAGE_OLD_ENCRYPTION_KEYS).toBe(first.INFRASAGE_ENCRYPTION_KEY)
  expect(second.NEXTAUTH_SECRET).toBe(first.NEXTAUTH_SECRET)
  const lock = await lockDataDir(dataDir)
  await expect(forgetOldEncryptionKeys(given)).rejects.toThrow(/in use by process/)
  await lock.release()
  await forgetOldEncryptionKeys(given)
  expect(secretsEnvironment(dataDir, {})).toEqual({ ...second, INFRASAGE_OLD_ENCRYPTION_KEYS: '' })
})
