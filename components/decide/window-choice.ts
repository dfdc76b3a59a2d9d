import type { RunWindow } from '../../server/governance/contract.ts'

/** When it is carried out: at once, or between two times. */
export type WindowChoice = { when: 'now' | 'window'; from: number | null; to: number | null }

export const atOnce: WindowChoice = { when: 'now', from: null, to: null }

/** What is sent, or that something is missing. */
export function windowOf({ when, from, to }: WindowChoice): { window: RunWindow | undefined } | null {
  if (when === 'now') return { window: undefined }
  if (from === null || to === null || from >= to) return null
  return { window: { notBefore: new Date(from).toISOString(), notAfter: new Date(to).toISOString() } }
}
