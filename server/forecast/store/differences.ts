import type { Reproduction } from '../review/contract.ts'

type Difference = Reproduction['differences'][number]

/** What a person can read; more of the same says no more. */
const maxDifferences = 20

/** Where two JSON values differ, by path, the first 20. */
export function differencesOf(stored: unknown, reproduced: unknown): Difference[] {
  const found: Difference[] = []
  compare(stored, reproduced, '', found)
  return found
}

function compare(stored: unknown, reproduced: unknown, path: string, found: Difference[]): void {
  if (found.length >= maxDifferences || Object.is(stored, reproduced)) return
  const a = entriesOf(stored)
  const b = entriesOf(reproduced)
  if (a === null || b === null || Array.isArray(stored) !== Array.isArray(reproduced)) {
    found.push({ path, stored: shown(stored), reproduced: shown(reproduced) })
    return
  }
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    compare(a.get(key), b.get(key), path === '' ? key : `${path}.${key}`, found)
  }
}

function entriesOf(value: unknown): Map<string, unknown> | null {
  return value !== null && typeof value === 'object' ? new Map(Object.entries(value)) : null
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent'
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
