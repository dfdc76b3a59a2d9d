import type { Diff } from './diff.ts'
import { nouns } from './entries.ts'

const signs = { created: '+', changed: '~', unchanged: ' ' } as const
const verbs = { created: 'create', changed: 'change', unchanged: 'unchanged' } as const

/** A diff in words, one thing a line, ending in a line break. */
export function describeDiff({ changes, leftAlone }: Diff): string {
  const lines = changes.flatMap(({ kind, entry: { section, name }, fields }) => [
    `${signs[kind]} ${nouns[section]} ${name}: ${verbs[kind]}`,
    ...fields.map(({ field, from, to }) => `    ${field}: ${show(from)} → ${show(to)}`),
  ])
  if (leftAlone.length > 0) {
    const bySection = Map.groupBy(leftAlone, ({ section }) => section)
    const counts = [...bySection].map(([section, entries]) => `${section} (${entries.length})`)
    lines.push(`Left alone, since the file does not speak of them: ${counts.join(', ')}.`)
  }
  const count = (wanted: string) => changes.filter(({ kind }) => kind === wanted).length
  lines.push(`${count('created')} to create, ${count('changed')} to change, ${count('unchanged')} unchanged.`)
  return `${lines.join('\n')}\n`
}

const show = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value ?? null))
