import type { KeyObject } from 'node:crypto'
import canonicalize from 'canonicalize'
import { entryFormat } from './append.ts'
import { sha256Hex } from './canonical.ts'
import { checkpointProblem } from './checkpoint-signature.ts'
import type { AuditCheckpointView, AuditEntryView, VerifyReport } from './contract.ts'

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

function parsed(canonical: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(canonical)
    return canonicalize(value) === canonical && typeof value === 'object' ? value : null
  } catch {
    return null
  }
}

/** What to verify: entries in the order of the log, and every checkpoint known, whatever its source. */
export type ChainInput = {
  entries: AsyncIterable<AuditEntryView> | Iterable<AuditEntryView>
  checkpoints: readonly AuditCheckpointView[]
  publicKeys: readonly KeyObject[]
  /** Where to go on from; all before it is taken as verified. */
  from?: LogPosition
}

/**
 * Recomputes every link, holds every checkpoint against the entry that it vouches for, and stops at the first thing
 * that does not hold. Checkpoints beyond the last entry show that the tail is gone. Reads each entry once and keeps none.
 */
export async function verifyChain(input: ChainInput): Promise<VerifyReport> {
  const from = input.from ?? logStart
  const checkpoints = input.checkpoints
    .filter((checkpoint) => checkpoint.size > from.size)
    .sort((a, b) => a.size - b.size)
  let head = from
  let held = 0
  let sealed = from.size
  const report = (broken: VerifyReport['broken']): VerifyReport => ({
    ok: broken === null,
    entries: head.size,
    checkpoints: held,
    sealed,
    headHash: head.size === 0 ? null : head.headHash,
    broken,
  })

  for await (const entry of input.entries) {
    const problem = entryProblem(head, entry)
    if (problem) return report({ seq: Math.min(entry.seq, head.size + 1), problem })
    head = { size: entry.seq, headHash: entry.hash }
    for (let next = checkpoints[held]; next && next.size === head.size; next = checkpoints[held]) {
      const wrong = checkpointProblem(next, input.publicKeys) ?? mismatch(next, head)
      if (wrong) return report({ seq: next.size, problem: wrong })
      held += 1
      sealed = next.size
    }
  }

  const beyond = checkpoints[held]
  if (!beyond) return report(null)
  const forged = checkpointProblem(beyond, input.publicKeys)
  if (forged) return report({ seq: beyond.size, problem: forged })
  const cut = `the log ends at entry ${head.size}, but the checkpoint of ${beyond.at} vouches for ${beyond.size}: the tail was cut`
  return report({ seq: head.size + 1, problem: cut })
}

function mismatch(checkpoint: AuditCheckpointView, head: LogPosition): string | null {
  if (checkpoint.headHash === head.headHash) return null
  return `entry ${head.size} is not the one that the checkpoint of ${checkpoint.at} vouches for: the log was rewritten`
}
