import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readKept } from '../../public/verify-log.mjs'

const verifier = path.join(import.meta.dirname, '../../public/verify-log.mjs')
let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'infrasage-kept-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const checkpoint = (size: number) => ({ size, headHash: 'a', at: 'b', keyId: 'c', signature: 'd' })
const kept = (text: string) => {
  const file = path.join(folder, 'kept.json')
  writeFileSync(file, text)
  return readKept(file).map(({ size }) => size)
}

test('checkpoints are read from the answer of the API, one of it, lines of them, and what a witness was sent', () => {
  const [one, two] = [checkpoint(1), checkpoint(2)].map((each) => JSON.stringify(each))
  expect(kept(`{"checkpoints":[${one},${two}],"nextBeforeSize":null}`)).toEqual([1, 2])
  expect(kept(`${two}`)).toEqual([2])
  expect(kept(`${one}\n${two}\n`)).toEqual([1, 2])
  expect(kept(`{"data":{"checkpoint":${one}}}`)).toEqual([1])
})

test('a file that holds something else is a mistake of whoever gave it, and no broken log', () => {
  for (const text of ['{"entries":[]}', 'no JSON', '{"checkpoints":[{"size":0}]}']) {
    expect(() => kept(text)).toThrow('Nothing was verified')
  }
  const file = path.join(folder, 'kept.json')
  const { status, stdout, stderr } = spawnSync(process.execPath, [verifier, file, '--checkpoint', file])
  expect([status, String(stdout), String(stderr)]).toEqual([2, '', expect.stringContaining('no checkpoint')])
})
