import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { testCheckpoint, testKeys, testLog } from '../audit/testing/build-chain.ts'
import { describeReport, registerAuditCommands } from './audit.ts'

let dir: string

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'infrasage-cli-audit-'))
})
afterEach(() => {
  rmSync(dir, { recursive: true })
  process.exitCode = undefined
  vi.restoreAllMocks()
})

/** Writes an export of three entries, changed as asked, and the public key; returns both files. */
function exportOf(change: (lines: string[]) => string[] = (lines) => lines) {
  const entries = testLog(['a', 'b', 'c'])
  const publicKey = testKeys.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const lines = [
    {
      type: 'header',
      format: 'infrasage-audit-export/1',
      exportedAt: '2026-03-02T10:00:00.000Z',
      keyId: 'k',
      publicKey,
    },
    { type: 'checkpoint', ...testCheckpoint(entries, 2) },
    ...entries.map((entry) => ({ type: 'entry', ...entry })),
    { type: 'end', entries: 3, checkpoints: 1, headHash: entries.at(-1)?.hash },
  ].map((line) => JSON.stringify(line))
  const files = { file: path.join(dir, 'log.jsonl'), key: path.join(dir, 'audit.pub') }
  writeFileSync(files.file, `${change(lines).join('\n')}\n`)
  writeFileSync(files.key, publicKey)
  return files
}

async function run(...args: string[]): Promise<{ code: typeof process.exitCode; text: string }> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true).mockClear()
  const program = new Command().exitOverride()
  registerAuditCommands(program, () => Promise.reject(new Error('an export needs no installation')))
  await program.parseAsync(['node', 'infrasage', 'audit', 'verify', ...args])
  return { code: process.exitCode, text: write.mock.calls.map(([chunk]) => String(chunk)).join('') }
}

describe('infrasage audit verify --file', () => {
  test('exits 0 for a whole export, and says what is not sealed yet and whose key was used', async () => {
    const { file, key } = exportOf()
    const alone = await run('--file', file)
    expect(alone.code).toBe(0)
    expect(alone.text).toContain('OK: 3 entries, every link holds; 1 checkpoints')
    expect(alone.text).toContain('The last 1 are chained')
    expect(alone.text).toContain('give --public-key')
    expect((await run('--file', file, '--public-key', key)).code).toBe(0)
  })

  test('exits 1 and names the first broken entry', async () => {
    const { file } = exportOf((lines) => lines.with(3, (lines[3] ?? '').replace('thing/2', 'thing/9')))
    expect(await run('--file', file)).toEqual({
      code: 1,
      text: expect.stringMatching(/^BROKEN at entry 2: /),
    })
  })

  test('exits 1 for a file cut short, and for one that is no export', async () => {
    expect((await run('--file', exportOf((lines) => lines.slice(0, -1)).file)).code).toBe(1)
    const { code, text } = await run('--file', exportOf(() => ['hello']).file, '--json')
    expect(code).toBe(1)
    expect(JSON.parse(text)).toMatchObject({
      ok: false,
      broken: { problem: expect.stringContaining('line 1') },
    })
  })

  test('finds a log that was written anew and signed with the right key, by a checkpoint kept earlier', async () => {
    const { file, key } = exportOf()
    const kept = path.join(dir, 'kept')
    mkdirSync(kept)
    const keep = (...checkpoints: object[]) =>
      writeFileSync(path.join(kept, 'one.json'), checkpoints.map((each) => JSON.stringify(each)).join('\n'))
    const against = () => run('--file', file, '--public-key', key, '--checkpoint', kept)
    keep(testCheckpoint(testLog(['a', 'b', 'c', 'd']), 2))
    expect((await against()).code).toBe(0)
    keep(testCheckpoint(testLog(['a', 'b', 'c', 'd']), 2), testCheckpoint(testLog(['a', 'x', 'c']), 3))
    expect((await against()).text).toMatch(/^BROKEN at entry 3: .*kept elsewhere.*rewritten/)
    keep(testCheckpoint(testLog(['a', 'b', 'c', 'd']), 4))
    expect((await against()).text).toMatch(/^BROKEN at entry 4: .*the tail was cut/)
  })

  test('says which file is missing', async () => {
    await expect(run('--file', path.join(dir, 'none'))).rejects.toThrow('ENOENT')
    const { file } = exportOf()
    await expect(run('--file', file, '--public-key', file)).rejects.toThrow(
      'should hold an Ed25519 public key',
    )
  })
})

test('a break without an entry is told without one', () => {
  const broken = { seq: null, problem: 'the end line does not match' }
  const report = { ok: false, entries: 3, checkpoints: 0, sealed: 0, headHash: null, rootHash: null, broken }
  expect(describeReport(report, {})).toBe('BROKEN: the end line does not match\n3 entries before it hold.\n')
})
