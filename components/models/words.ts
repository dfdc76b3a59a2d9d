import { formatPercent } from '../ui/format.ts'

/** A change of loss: "+3.1%", "−0.4%". Less loss is better. */
export function formatLossChange(change: number): string {
  const text = formatPercent(Math.abs(change), 1)
  return change > 0 ? `+${text}` : change < 0 ? `−${text}` : text
}

/** What a person did to a base, in the past tense. */
export const didToBase = {
  approve: 'approved it',
  reject: 'rejected it',
  expire: 'let it expire',
  rollback: 'rolled it back',
} as const
