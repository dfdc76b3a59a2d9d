import { isDeepStrictEqual } from 'node:util'
import type { Entry, Section } from './entries.ts'

export type FieldChange = { field: string; from: unknown; to: unknown }

/** What applying would do to one declared thing. */
export type Change = { kind: 'created' | 'changed' | 'unchanged'; entry: Entry; fields: FieldChange[] }

/** `leftAlone`: what exists and the file does not speak of. */
export type Diff = { changes: Change[]; leftAlone: { section: Section; name: string }[] }

const keyOf = ({ section, name }: { section: Section; name: string }) => `${section}/${name}`

/** Holds what a file declares against what exists; the order of the file's entries is kept. */
export function diffEntries(wanted: Entry[], existing: Entry[]): Diff {
  const before = new Map(existing.map((entry) => [keyOf(entry), entry]))
  const changes = wanted.map((entry): Change => {
    const there = before.get(keyOf(entry))
    if (!there) return { kind: 'created', entry, fields: [] }
    const old = new Map<string, unknown>(Object.entries(there.values))
    const fields = Object.entries(entry.values)
      .map(([field, to]) => ({ field, from: old.get(field), to }))
      .filter(({ from, to }) => !isDeepStrictEqual(from, to))
    return { kind: fields.length > 0 ? 'changed' : 'unchanged', entry, fields }
  })
  const named = new Set(wanted.map(keyOf))
  const leftAlone = existing
    .filter((entry) => !named.has(keyOf(entry)))
    .map(({ section, name }) => ({ section, name }))
  return { changes, leftAlone }
}

/** The part of a diff that applying would do something about. */
export function pending({ changes }: Diff): Change[] {
  return changes.filter(({ kind }) => kind !== 'unchanged')
}
