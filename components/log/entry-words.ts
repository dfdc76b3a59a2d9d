import { z } from 'zod'
import type { AuditEntryView } from '../../server/audit/contract.ts'

const bodyShape = z.object({ body: z.record(z.string(), z.unknown()) })

/** What says most about an entry, the first of these that it has. */
const telling = ['summary', 'reason', 'problem', 'name', 'title', 'email', 'note'] as const

/** An entry in a line: what its text says in words, else its subject. */
export function wordsOf({ canonical, subject }: Pick<AuditEntryView, 'canonical' | 'subject'>): string {
  try {
    const { body } = bodyShape.parse(JSON.parse(canonical))
    const number = typeof body.proposalNumber === 'number' ? `#${body.proposalNumber}` : ''
    const words = telling.map((key) => body[key]).find((value) => typeof value === 'string' && value !== '')
    return [number, words].filter(Boolean).join(' ') || subject
  } catch {
    return subject
  }
}
