import { formatDuration } from '../ui/time.ts'

/** What is said of an approval that is not sent. `leftMs`: of its hold, or until its window; `note`: why dispatch could not send it so far. */
export function undoTitle({ leftMs, note }: { leftMs: number; note: string | null }): string {
  if (leftMs > 0) return `Will be sent in ${formatDuration(leftMs / 1_000)}`
  return note ? 'Not sent yet' : 'About to be sent'
}
