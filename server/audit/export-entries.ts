import type { z } from 'zod'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { type AuditEntryView, actorOf, auditQuery, type entriesExportQuery } from './contract.ts'
import { listEntries } from './list-entries.ts'

const page = 500

/**
 * The entries that a filter finds, newest first, as CSV (RFC 4180) or as JSON lines. Streams, a page at a time. A part of the
 * log shows nothing about the rest: to verify, take the whole export.
 */
export function exportEntries({
  ctx,
  input,
}: Verb<z.output<typeof entriesExportQuery>>): AsyncGenerator<string> {
  authorise(ctx, 'audit.export')
  return lines(ctx, input)
}

async function* lines(
  ctx: Context,
  { format, ...query }: z.output<typeof entriesExportQuery>,
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(['seq', 'at', 'stage', 'action', 'subject', 'actor', 'hash', 'text'])
  let beforeSeq = query.beforeSeq
  for (;;) {
    const found = await listEntries({ ctx, input: auditQuery.parse({ ...query, beforeSeq, limit: page }) })
    yield found.entries
      .map((entry) => (format === 'csv' ? csvOf(entry) : `${JSON.stringify(entry)}\n`))
      .join('')
    if (found.nextBeforeSeq === null) return
    beforeSeq = found.nextBeforeSeq
  }
}

function csvOf(entry: AuditEntryView): string {
  const { seq, at, stage, action, subject, hash, canonical } = entry
  return csvLine([String(seq), at, stage, action, subject, actorOf(entry), hash, canonical])
}

/** What begins as a formula does gets an apostrophe before it, or a spreadsheet would run it (OWASP, CSV injection). */
function csvLine(cells: readonly string[]): string {
  const written = cells.map((cell) => {
    const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  })
  return `${written.join(',')}\r\n`
}
