import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkImports } from './check-imports.ts'
import { rules } from './import-rules.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'infrasage-imports-'))
  for (const room of Object.keys(rules)) mkdirSync(path.join(root, room), { recursive: true })
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
  writeFileSync(path.join(root, file), text)
}

/** Checks one file and returns `line message` of what was found. */
function violationsOf(file: string, text: string): string[] {
  write(file, text)
  return checkImports(root).violations.map((each) => `${each.line} ${each.message}`)
}

test('a tree without files is an error, not a success', () => {
  expect(() => checkImports(root)).toThrow('read no files')
})

test('a room that does not exist is an error', () => {
  rmSync(path.join(root, 'server/plan'), { recursive: true })
  expect(() => checkImports(root)).toThrow('folders that do not exist: server/plan')
})

test('a file that cannot be parsed is an error', () => {
  write('server/plan/broken.ts', 'export const = 1')
  expect(() => checkImports(root)).toThrow('server/plan/broken.ts')
})

test('what the design allows passes, and every file is read', () => {
  write('server/kernel/db.ts', "import { PrismaClient } from './generated/client.ts'\n")
  write('server/kernel/generated/client.ts', "import 'whatever generators write'\n")
  write(
    'server/governance/approve.ts',
    "import { plan } from '../plan/index.ts'\nimport '../audit/index.ts'\n",
  )
  write(
    'server/governance/approve.db.test.ts',
    "import '../runtime/testing/index.ts'\nimport './approve.ts'\n",
  )
  write(
    'server/forecast/hash.ts',
    "import { createHash } from 'node:crypto'\nexport const at = new Date(0)\n",
  )
  write('server/governance/plan.test.ts', "import '../plan/testing/plan-input.ts'\n")
  write('server/governance/read.ts', "import type { Proposal } from '../kernel/generated/client.ts'\n")
  write('server/plan/store/read.ts', "import { transact } from '../../kernel/transact.ts'\n")
  write('components/inbox/row.tsx', "import type { AppRouter } from '../../server/api/router.ts'\n")
  expect(checkImports(root)).toEqual({ filesRead: 8, violations: [] })
})

const kinds: [kind: string, text: string][] = [
  ['static', "import { x } from '../dispatch/index.ts'"],
  ['side effect', "import '../dispatch/index.ts'"],
  ['type-only', "import type { X } from '../dispatch/contract.ts'"],
  ['inline type', "import { type X } from '../dispatch/contract.ts'"],
  ['type position', "export type X = import('../dispatch/contract.ts').X"],
  ['dynamic', "const x = await import('../dispatch/index.ts')"],
  ['re-export', "export { x } from '../dispatch/index.ts'"],
  ['star re-export', "export * from '../dispatch/index.ts'"],
  ['type re-export', "export type { X } from '../dispatch/contract.ts'"],
  ['require', "const x = require('../dispatch/index.ts')"],
]

test.each(kinds)('a stage to the right is refused: %s', (_kind, text) => {
  const [only, ...more] = violationsOf('server/plan/store/wrong.ts', `\n${text.replace('../', '../../')}\n`)
  expect(only).toMatch(/^2 imports server\/dispatch\/(index|contract)\.ts, but server\/plan may not/)
  expect(more).toEqual([])
})

const refusals: [file: string, text: string, message: RegExp][] = [
  ['server/kernel/a.ts', "import '../audit/index.ts'", /server\/kernel may not; it may import from/],
  [
    'server/plan/a.ts',
    "import '../forecast/engine.ts'",
    /enter server\/forecast through contract\.ts or index\.ts/,
  ],
  ['server/audit/a.ts', "import '../kernel/generated/client.ts'", /server\/audit may not/],
  ['server/plan/store/a.ts', "import '../../governance/testing/scene.ts'", /server\/plan may not/],
  ['server/api/a.ts', "import '../kernel/db.ts'", /stays shut to server\/api/],
  ['server/sandbox/a.ts', "import '../telemetry/index.ts'", /enter server\/telemetry through contract\.ts/],
  ['server/evaluation/a.ts', "import '../sandbox/contract.ts'", /server\/evaluation may not/],
  ['components/a.tsx', "import { router } from '../server/api/router.ts'", /router\.ts \(import type\)/],
  ['components/a.tsx', "import '../server/plan/index.ts'", /enter server\/plan through contract\.ts/],
  ['app/page.tsx', "import '../server/plan/index.ts'", /app may not/],
  ['server/plan/contract.ts', "import '../kernel/errors.ts'", /safe for the browser/],
  ['server/plan/contract.ts', "import 'pg'", /safe for the browser/],
  ['server/plan/contract/action.ts', "import 'pg'", /safe for the browser/],
  [
    'server/forecast/a.ts',
    "import { readFileSync } from 'node:fs'",
    /imports readFileSync of node:fs: the numeric core/,
  ],
  ['server/forecast/a.ts', "import { randomUUID } from 'node:crypto'", /imports randomUUID/],
  ['server/forecast/a.ts', "import { db } from '../kernel/db.ts'", /pass the data in/],
  ['server/plan/a.ts', "import './store/read.ts'", /where data is kept/],
  ['server/forecast/a.ts', 'export const t = Date.now()', /uses Date\.now/],
  ['server/forecast/a.ts', 'export const t = new Date()', /uses new Date\(\)/],
  ['server/evaluation/a.ts', 'export const t = Math.random()', /uses Math\.random/],
  ['server/new-room/a.ts', 'export {}', /is in no room/],
  ['server/plan/a.ts', "import '../../../elsewhere.ts'", /in no room/],
]

test.each(refusals)('%s: %s', (file, text, message) => {
  const found = violationsOf(file, text)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(message)
})
