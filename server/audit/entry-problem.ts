import canonicalize from 'canonicalize'
import { entryFormat } from './append.ts'
import { sha256Hex } from './canonical.ts'
import type { AuditEntryView } from './contract.ts'

/** A point of the log: how many entries there are up to it, and the hash of the last one. */
export type LogPosition = { size: number; headHash: string }

export const logStart: LogPosition = { size: 0, headHash: '0'.repeat(64) }

/** SHA-256 over the previous hash, the sequence number and the canonical text, one per line; as `audit_append` does. */
export function linkHash(prevHash: string, seq: number, canonical: string): string {
  return sha256Hex(`${prevHash}\n${seq}\n${canonical}`)
}

/** What is wrong with an entry as the one that follows `before`, in words; null if nothing is. */
export function entryProblem(before: LogPosition, entry: AuditEntryView): string | null {
  const due = before.size + 1
  if (entry.seq > due) return `entry ${due} is missing; entry ${entry.seq} stands in its place`
  if (entry.seq < due) return `entry ${entry.seq} stands where entry ${due} belongs`
  if (entry.prevHash !== before.headHash) {
    return `entry ${due} does not follow the entry before it: that one was altered, removed or moved`
  }
  if (entry.hash !== linkHash(entry.prevHash, entry.seq, entry.canonical)) {
    return `entry ${due} does not match its hash: its text or its hash was altered`
  }
  return columnProblem(entry)
}

function columnProblem(entry: AuditEntryView): string | null {
  const written = parsed(entry.canonical)
  if (!written) return `entry ${entry.seq} is not canonical JSON`
  if (written.format !== entryFormat) return `entry ${entry.seq} has the unknown format ${written.format}`
  for (const column of ['at', 'stage', 'action', 'subject'] as const) {
    if (written[column] === entry[column]) continue
    return `the column "${column}" of entry ${entry.seq} says ${entry[column]}, its signed text ${written[column]}`
  }
  return null
}

/** The text's value if the text is its canonical form. Most texts come out of `JSON.stringify` as they went in. */
function parsed(canonical: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(canonical)
    if (!isRecord(value)) return null
    const isCanonical = JSON.stringify(value) === canonical && inOrder(value)
    return isCanonical || canonicalize(value) === canonical ? value : null
  } catch {
    return null
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether all keys stand in the order of RFC 8785; what `JSON.stringify` writes is then canonical. */
function inOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(inOrder)
  let before = ''
  for (const [key, item] of Object.entries(value)) {
    if (key < before || !inOrder(item)) return false
    before = key
  }
  return true
}
