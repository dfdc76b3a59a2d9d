import { generateKeyPairSync } from 'node:crypto'
import { entryFormat } from '../append.ts'
import { canonicalText } from '../canonical.ts'
import { signCheckpoint } from '../checkpoint-signature.ts'
import type { AuditCheckpointView, AuditEntryView, Json } from '../contract.ts'
import { type LogPosition, linkHash, logStart } from '../entry-problem.ts'
import { leafHash, TreeFrontier } from '../tree/frontier.ts'

export const testKeys = generateKeyPairSync('ed25519')

/** The entry that follows `before`, hashed as the database does. */
export function testEntry(before: LogPosition, body: Json): AuditEntryView {
  const seq = before.size + 1
  const at = new Date(Date.UTC(2026, 2, 2, 9, 0, seq)).toISOString()
  const columns = { at, stage: 'governance', action: 'test', subject: `thing/${seq}` }
  const canonical = canonicalText({ format: entryFormat, ...columns, actor: null, requestId: 'r', body })
  const { headHash: prevHash } = before
  return { seq, ...columns, canonical, prevHash, hash: linkHash(prevHash, seq, canonical) }
}

/** A sound log with these bodies. */
export function testLog(bodies: readonly Json[]): AuditEntryView[] {
  const entries: AuditEntryView[] = []
  let head = logStart
  for (const body of bodies) {
    const entry = testEntry(head, body)
    entries.push(entry)
    head = { size: entry.seq, headHash: entry.hash }
  }
  return entries
}

/** Rehashes everything from an index on, as somebody who owns the database could. */
export function rewritten(entries: readonly AuditEntryView[], from: number): AuditEntryView[] {
  let head = logStart
  return entries.map((entry, i) => {
    const next =
      i < from
        ? entry
        : { ...entry, prevHash: head.headHash, hash: linkHash(head.headHash, entry.seq, entry.canonical) }
    head = { size: next.seq, headHash: next.hash }
    return next
  })
}

/** A checkpoint, signed with the test key, of the first `size` entries. */
export function testCheckpoint(entries: readonly AuditEntryView[], size: number): AuditCheckpointView {
  const headHash = entries[size - 1]?.hash ?? logStart.headHash
  const rootHash = testTree(entries.slice(0, size)).root()
  return signCheckpoint(testKeys.privateKey, { size, headHash, rootHash, at: '2026-03-02T10:00:00.000Z' })
}

/** The tree over entries. */
export function testTree(entries: readonly AuditEntryView[]): TreeFrontier {
  const tree = new TreeFrontier()
  for (const entry of entries) tree.add(leafHash(entry.hash))
  return tree
}
