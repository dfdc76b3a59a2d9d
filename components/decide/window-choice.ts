import type { RunWindow } from '../../server/governance/contract.ts'
import type { PlanContent } from '../../server/plan/contract.ts'

/** When it is carried out: at once, or between two times. */
export type WindowChoice = { when: 'now' | 'window'; from: number | null; to: number | null }

export const atOnce: WindowChoice = { when: 'now', from: null, to: null }

const hour = 3_600_000

/**
 * The window that is offered first: it begins in an hour, or halfway to what ends first, the proposal (`latest`) or the time to
 * carry it out for it to help (`inTimeUntil`; null: there is none). Times in milliseconds.
 */
export function offeredWindow(now: number, latest: number, inTimeUntil: number | null): WindowChoice {
  const until = Math.max(now, Math.min(latest, inTimeUntil ?? latest))
  return { when: 'window', from: Math.min(now + hour, now + (until - now) / 2), to: latest }
}

/** Whether what is carried out in the window may come too late: not at all, at its end, or in any case. */
export function lateIn({ when, from, to }: WindowChoice, inTimeUntil: number | null): 'no' | 'end' | 'all' {
  if (when === 'now' || from === null || to === null || inTimeUntil === null) return 'no'
  if (from > inTimeUntil) return 'all'
  return to > inTimeUntil ? 'end' : 'no'
}

/** Up to when capacity that is ordered is ready before the surge; null without a surge. */
export function inTimeUntil({ evidence, actBy }: Pick<PlanContent, 'evidence' | 'actBy'>): number | null {
  return evidence.surge === null ? null : Date.parse(actBy)
}

/** What is sent, or that something is missing. */
export function windowOf({ when, from, to }: WindowChoice): { window: RunWindow | undefined } | null {
  if (when === 'now') return { window: undefined }
  if (from === null || to === null || from >= to) return null
  return { window: { notBefore: new Date(from).toISOString(), notAfter: new Date(to).toISOString() } }
}
