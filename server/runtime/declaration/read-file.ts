import { LineCounter, parseDocument } from 'yaml'
import { type ErrorDetail, InvalidInputError } from '../../kernel/errors.ts'
import { locate, type Path, type Problem, pathInWords } from './places.ts'
import { type Declaration, declarationSchema, keysAt } from './schema.ts'

/** A declared file as read: what it declares, and how a problem with it is told. */
export type DeclaredFile = {
  name: string
  declaration: Declaration
  /** The problem with the line and column of its place. */
  tell(problem: Problem): ErrorDetail
}

/**
 * Reads a YAML file as far as its shape goes.
 * @throws InvalidInputError listing every fault with its line and column
 */
export function readDeclaration(text: string, name: string): DeclaredFile {
  const lines = new LineCounter()
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const place = (line: number, column: number) => `${name}:${line}:${column}`
  if (doc.errors.length > 0) {
    throw refuse(
      name,
      doc.errors.map(({ pos, message }) => {
        const { line, col } = lines.linePos(pos[0])
        return { path: place(line, col), message }
      }),
    )
  }
  const tell = ({ path, message, expected, atKey }: Problem): ErrorDetail => {
    const { line, column } = locate(doc, lines, path, atKey)
    const where = pathInWords(path)
    const words = where && !atKey ? `${where}: ${message}` : message
    return { path: place(line, column), message: words, ...(expected ? { expected } : {}) }
  }
  const content = contentOf(() => doc.toJS(), name)
  if (content === null) throw new InvalidInputError(`${name} is empty; it declares nothing.`)
  const parsed = declarationSchema.safeParse(content, { reportInput: true })
  if (parsed.success) return { name, declaration: parsed.data, tell }
  throw refuse(name, parsed.error.issues.flatMap(problemsOf).map(tell))
}

/** @returns the error that says nothing was changed */
export function refuse(name: string, details: ErrorDetail[]): InvalidInputError {
  const faults = details.length === 1 ? 'one fault' : `${details.length} faults`
  return new InvalidInputError(`${name} has ${faults}; nothing was changed.`, details)
}

/** An alias that names no anchor, or too many of them, shows only when the document is unfolded. */
function contentOf(unfold: () => unknown, name: string): unknown {
  try {
    return unfold()
  } catch (error) {
    throw new InvalidInputError(
      `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

type Issue = {
  code: string
  path: PropertyKey[]
  message: string
  input?: unknown
  keys?: string[]
}

function problemsOf(issue: Issue): Problem[] {
  const path: Path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path)
    return (issue.keys ?? []).map((key) => ({
      path: [...path, key],
      atKey: true,
      message: `there is no key "${key}" here`,
      ...(known ? { expected: `one of ${known.join(', ')}` } : {}),
    }))
  }
  const missing = issue.code !== 'custom' && issue.input === undefined
  const expected = issue.message
    .replace(/^Invalid (input|option): expected /, '')
    .replace(/, received .*$/, '')
  if (expected === issue.message) return [{ path, message: issue.message }]
  return [{ path, message: missing ? 'is missing' : `is ${JSON.stringify(issue.input)}`, expected }]
}
