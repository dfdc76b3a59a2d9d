import path from 'node:path'
import {
  contractsMay,
  impureFiles,
  pureNodeImports,
  type Room,
  type Rules,
  testsMay,
} from './import-rules.ts'
import type { Import, SourceFacts } from './read-imports.ts'

export type Violation = { file: string; line: number; message: string }

/** The room a file is in: the longest folder of the table that holds it. */
export function roomOf(rules: Rules, file: string): string | undefined {
  const homes = Object.keys(rules).filter((room) => file.startsWith(`${room}/`))
  return homes.sort((a, b) => b.length - a.length)[0]
}

const isTest = (file: string) => /\.test\.tsx?$/.test(file) || file.includes('/testing/')
/** A `contract.ts`, or a room of a contract that was split into the folder of its name. */
const isContract = (file: string) =>
  path.basename(file) === 'contract.ts' || path.basename(path.dirname(file)) === 'contract'
const isCore = (room: Room, file: string, home: string) =>
  room.pure === true &&
  !isTest(file) &&
  ![`${home}/index.ts`].includes(file) &&
  !file.startsWith(`${home}/store/`)

/** Path from the root of what a relative specifier means; undefined for a package. */
function target(file: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : undefined
}

function isOpen(doors: readonly string[] | undefined, room: string, file: string): boolean {
  return doors !== undefined && (doors.includes('*') || doors.includes(file.slice(room.length + 1)))
}

function wayIn(room: Room, to: string): string {
  const doors = [...(room.may[to] ?? []), ...(room.types?.[to] ?? []).map((door) => `${door} (import type)`)]
  if (doors.length > 0 && !doors.includes('*')) return `enter ${to} through ${doors.join(' or ')}`
  const rooms = [...new Set([...Object.keys(room.may), ...Object.keys(room.types ?? {})])]
  return rooms.length > 0 ? `it may import from ${rooms.join(', ')}` : 'it imports nothing of ours'
}

function judgeRoom(rules: Rules, home: string, file: string, each: Import, to: string): string | null {
  const room = rules[home]
  const away = roomOf(rules, to)
  if (!room || away === home) return null
  if (away === undefined) return `imports ${to}, which is in no room`
  if (isTest(file) && (testsMay.includes(away) || /^e2e\/fixtures\/|\/testing\//.test(to))) return null
  if (room.never?.includes(to))
    return `imports ${to}, which stays shut to ${home}; call a verb of a stage instead`
  if (isOpen(room.may[away], away, to)) return null
  if (each.typeOnly && isOpen(room.types?.[away], away, to)) return null
  return `imports ${to}, but ${home} may not; ${wayIn(room, away)}`
}

function judgeContract(file: string, each: Import): string | null {
  const to = target(file, each.specifier) ?? each.specifier
  if (isContract(to) || contractsMay.includes(to)) return null
  return `imports ${to}, but a contract is safe for the browser: only other contracts and ${contractsMay.join(', ')}`
}

function judgeCore(file: string, home: string, each: Import): string | null {
  const to = target(file, each.specifier)
  if (to?.startsWith(`${home}/store/`))
    return `imports ${to}: the numeric core does not know where data is kept`
  if (each.typeOnly) return null
  if (to !== undefined && impureFiles.includes(to))
    return `imports ${to}: the numeric core is pure; pass the data in`
  if (!each.specifier.startsWith('node:')) return null
  const allowed = pureNodeImports[each.specifier] ?? []
  const wrong = each.names.filter((name) => !allowed.includes(name))
  if (wrong.length === 0 && each.names.length > 0) return null
  return `imports ${wrong.join(', ')} of ${each.specifier}: the numeric core is pure; pass what it needs as an argument`
}

/** Everything that one file does against the rules. `file` is relative to the root, with `/`. */
export function judge(rules: Rules, file: string, facts: SourceFacts): Violation[] {
  const home = roomOf(rules, file)
  const room = home === undefined ? undefined : rules[home]
  if (home === undefined || room === undefined) {
    return [{ file, line: 1, message: 'is in no room; add its folder to tools/import-rules.ts' }]
  }
  const core = isCore(room, file, home)
  const found: Violation[] = []
  for (const each of facts.imports) {
    const to = target(file, each.specifier)
    const messages = [
      to === undefined ? null : judgeRoom(rules, home, file, each, to),
      isContract(file) ? judgeContract(file, each) : null,
      core ? judgeCore(file, home, each) : null,
    ]
    for (const message of messages) if (message !== null) found.push({ file, line: each.line, message })
  }
  if (core) {
    for (const { what, line } of facts.impureUses) {
      found.push({
        file,
        line,
        message: `uses ${what}: the numeric core is pure; take a clock, time or seed as an argument`,
      })
    }
  }
  return found
}
