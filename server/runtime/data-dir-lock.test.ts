import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockDataDir, lockHolder } from './data-dir-lock.ts'

let dir: string

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'infrasage-lock-'))
})

afterEach(() => rmSync(dir, { recursive: true, force: true }))

test('a folder is locked once, names its holder, and is free after release', async () => {
  const lock = await lockDataDir(dir)
  expect(await lockHolder(dir)).toBe(process.pid)
  await expect(lockDataDir(dir)).rejects.toThrow(`is in use by process ${process.pid}`)
  await lock.release()
  expect(await lockHolder(dir)).toBeNull()
  await (await lockDataDir(dir)).release()
})

test('two ways of writing one folder are one lock', async () => {
  const lock = await lockDataDir(path.join(dir, '..', path.basename(dir)))
  expect(await lockHolder(`${dir}/`)).toBe(process.pid)
  await lock.release()
})

test('asking for the holder of a folder that does not exist makes none', async () => {
  const absent = path.join(dir, 'absent')
  expect(await lockHolder(absent)).toBeNull()
  expect(existsSync(absent)).toBe(false)
})
