import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
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
