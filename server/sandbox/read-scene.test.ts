import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readScene } from './read-scene.ts'
import { defaultScene } from './scene.ts'
import { measuresOf } from './signals.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'infrasage-scene-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(scene: unknown): string {
  const file = path.join(folder, 'scene.json')
  writeFileSync(file, JSON.stringify(scene))
  return file
}

test('a scene goes through a file unchanged', () => {
  expect(readScene(write(defaultScene))).toEqual(defaultScene)
})

test('a scene that does not fit together is refused, naming the place', () => {
  const [first, ...others] = defaultScene.workloads
  if (!first) throw new Error('no workload')
  const elsewhere = { ...first, pool: { ...first.pool, hardwareClass: 'TPU' } }
  expect(() => readScene(write({ ...defaultScene, workloads: [elsewhere, ...others] }))).toThrow(
    /no domain sells TPU \(on_demand\) in nimbus-frankfurt\n\s*→ at workloads\[0\]\.pool/,
  )
  expect(() => readScene(write({ ...defaultScene, sampleSeconds: 7 }))).toThrow(/60 s is no multiple of 7 s/)
  expect(() => readScene(write({ ...defaultScene, domains: [] }))).toThrow(/is no scene/)
})

test('a signal that the sandbox cannot measure is refused by name', () => {
  const [first] = defaultScene.workloads
  if (!first) throw new Error('no workload')
  expect(() => measuresOf({ ...first, signals: ['io_bytes_per_second'] })).toThrow(
    /does not measure io_bytes/,
  )
})
