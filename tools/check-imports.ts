import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Rules, rules } from './import-rules.ts'
import { judge, roomOf, type Violation } from './judge-imports.ts'
import { readSource } from './read-imports.ts'

export type Report = { filesRead: number; violations: Violation[] }

const isSource = (name: string) => /\.(ts|tsx|mts|js|mjs|jsx)$/.test(name) && !name.endsWith('.d.ts')

function sourceFiles(root: string, table: Rules): string[] {
  const tops = new Set(Object.keys(table).map((room) => room.split('/')[0] ?? room))
  const files = [...tops].flatMap((top) =>
    readdirSync(path.join(root, top), { recursive: true, withFileTypes: true }).flatMap((entry) => {
      const file = path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/')
      const room = roomOf(table, file)
      const generated = room !== undefined && table[room]?.generated === true
      return entry.isFile() && isSource(entry.name) && !generated ? [file] : []
    }),
  )
  return files.sort()
}

/**
 * Checks every source file of the rooms under `root`.
 * @throws when a room of the table does not exist, when nothing was read, or when a file cannot be parsed
 */
export function checkImports(root: string, table: Rules = rules): Report {
  const missing = Object.keys(table).filter(
    (room) => !table[room]?.generated && !existsSync(path.join(root, room)),
  )
  if (missing.length > 0)
    throw new Error(`The import rule names folders that do not exist: ${missing.join(', ')}.`)
  const files = sourceFiles(root, table)
  if (files.length === 0) throw new Error(`The import rule read no files under ${root}; nothing was checked.`)
  const violations = files.flatMap((file) =>
    judge(table, file, readSource(file, readFileSync(path.join(root, file), 'utf8'))),
  )
  return { filesRead: files.length, violations }
}

if (import.meta.main) {
  try {
    const { filesRead, violations } = checkImports(path.resolve(import.meta.dirname, '..'))
    for (const { file, line, message } of violations) process.stderr.write(`${file}:${line} ${message}\n`)
    process.stdout.write(`Import rule: ${filesRead} files read, ${violations.length} violations.\n`)
    process.exitCode = violations.length > 0 ? 1 : 0
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
