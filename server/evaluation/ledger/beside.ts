import { ledgerSpanHours } from '../contract/ledger.ts'

/** Minutes whose measured p99 (ms) is beyond the objective; null where nothing was measured. */
export function lateMinutes(
  p99Ms: readonly (number | null)[],
  { stepSeconds, objectiveMs }: { stepSeconds: number; objectiveMs: number },
): number | null {
  const measured = p99Ms.filter((value) => value !== null)
  if (measured.length === 0) return null
  return (measured.filter((value) => value > objectiveMs).length * stepSeconds) / 60
}

/** The end of a surge that a final span did not reach, because the next decision ended it; null where it did, or ran its whole length. */
export function cutBeforeSurgeEnd(
  surge: { endsAt: string } | null,
  { from, until, final }: { from: Date; until: Date; final: boolean },
): string | null {
  if (surge === null || !final) return null
  const whole = until.getTime() - from.getTime() >= ledgerSpanHours * 3_600_000
  return whole || until.getTime() >= Date.parse(surge.endsAt) ? null : surge.endsAt
}
