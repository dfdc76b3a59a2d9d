import { type WrittenTest, writtenFacts, writtenTest } from '../../../server/plan/contract.ts'

/** What a test can give, for the hint under the field. */
export const factNames: readonly string[] = Object.keys(writtenFacts.shape)

/** A test in one line: "production on spot: forbid environment=production, market=spot". */
export function testLine({ name, expect, given }: WrittenTest): string {
  const facts = Object.entries(given).map(([fact, value]) => `${fact}=${value}`)
  return `${name}: ${expect}${facts.length > 0 ? ` ${facts.join(', ')}` : ''}`
}

/** The tests that the lines say, up to the first that cannot be read; `problem` says which, and what would be right. */
export function readTests(text: string): { tests: WrittenTest[]; problem: string | null } {
  const tests: WrittenTest[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const read = readLine(line)
    if (typeof read === 'string') return { tests, problem: `line ${index + 1}: ${read}` }
    tests.push(read)
  }
  return { tests, problem: null }
}

function readLine(line: string): WrittenTest | string {
  const [, name, expect, facts = ''] = /^\s*([^:]+):\s*(permit|forbid)\b\s*(.*)$/.exec(line) ?? []
  if (name === undefined || expect === undefined) {
    return 'write it as "name: forbid market=spot, to=9", or with permit'
  }
  const given: Record<string, string | number> = {}
  for (const part of facts.split(',').filter((one) => one.trim() !== '')) {
    const [fact = '', value] = part.split('=').map((one) => one.trim())
    if (value === undefined || value === '') return `"${part.trim()}" gives no value; write fact=value`
    if (!factNames.includes(fact)) return `there is no fact "${fact}"; there are ${factNames.join(', ')}`
    given[fact] = isNumber(fact) ? Number(value) : value
  }
  const parsed = writtenTest.safeParse({ name: name.trim(), expect, given })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  return `${String(issue?.path.at(-1) ?? 'it')}: ${issue?.message ?? 'is not valid'}`
}

function isNumber(fact: string): boolean {
  const schema = writtenFacts.shape[fact as keyof typeof writtenFacts.shape]
  return schema.unwrap().type === 'number'
}
