import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Command } from 'commander'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { Context } from '../kernel/context.ts'
import { createTestDatabase, type TestDatabase, testContext } from '../runtime/testing/index.ts'
import { listWorkloads } from '../telemetry/index.ts'
import { registerApplyCommand } from './apply.ts'
import type { Enter } from './enter.ts'
import { registerExportCommand } from './export.ts'

let database: TestDatabase
let ctx: Context
let dir: string

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'infrasage-cli-apply-'))
  database = await createTestDatabase()
  ctx = testContext({ db: database.db })
})
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  rmSync(dir, { recursive: true })
  await database.dispose()
})

const enter: Enter = (work) => work(ctx, '')

/** What a command prints. Tests have no terminal, so nobody is asked. */
async function run(...args: string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true).mockClear()
  const program = new Command().exitOverride()
  registerApplyCommand(program, enter)
  registerExportCommand(program, enter)
  await program.parseAsync(['node', 'infrasage', ...args])
  return write.mock.calls.map(([chunk]) => String(chunk)).join('')
}

/** A file of one workload. */
function fileOf(name: string): string {
  const file = path.join(dir, `${name}.yaml`)
  writeFileSync(
    file,
    `workloads:
  - name: ${name}
    title: A workload
    kind: batch
    environment: production
    team: research
    dataClassification: internal
    requiredSecurityTier: 1
    stepSeconds: 60
    demandSignal: jobs_per_second
    objectiveP99Ms: 60000
`,
  )
  return file
}
const names = async () => (await listWorkloads({ ctx })).map(({ name }) => name)

test('without a terminal and without --yes the difference is shown, and nothing changes', async () => {
  const text = await run('apply', '-f', fileOf('unasked'))
  expect(text).toContain('+ workload unasked: create\n')
  expect(text).toMatch(/Warning: .*unasked\.yaml:2:5: .* nothing is proposed for it yet/)
  expect(text).toMatch(/Nothing was changed\. --yes applies this\.\n$/)
  expect(await names()).not.toContain('unasked')
})

test('--yes applies; the same again has nothing to do', async () => {
  const file = fileOf('agreed')
  expect(await run('apply', '-f', file, '--yes')).toContain('Applied: one change')
  expect(await names()).toContain('agreed')
  expect(await run('apply', '-f', file, '--yes')).toMatch(/Nothing to change\.\n$/)
})

test('--json prints the difference and whether it was applied, and nothing else', async () => {
  const file = fileOf('counted')
  const change = { kind: 'created', section: 'workloads', name: 'counted', fields: [] }
  expect(JSON.parse(await run('apply', '-f', file, '--json'))).toMatchObject({
    applied: false,
    changes: [change],
  })
  expect(JSON.parse(await run('apply', '-f', file, '--json', '--yes'))).toMatchObject({ applied: true })
})

test('export writes what apply takes, to a file or to the standard output', async () => {
  await run('apply', '-f', fileOf('kept'), '--yes')
  const file = path.join(dir, 'export.yaml')
  expect(await run('export', '--out', file)).toBe(`Written to ${file}\n`)
  expect(await run('export')).toBe(readFileSync(file, 'utf8'))
  expect(await run('apply', '-f', file)).toMatch(/Nothing to change\.\n$/)
})

test('a file that is not there and a reason that says nothing are refused', async () => {
  await expect(run('apply', '-f', path.join(dir, 'absent.yaml'))).rejects.toThrow('cannot be read')
  await expect(run('apply', '-f', fileOf('unreasoned'), '--reason', ' ')).rejects.toThrow('say why')
})
