import { hash } from 'node:crypto'
import type { SignalName } from '../contract.ts'

/** A series whose workload and signal are known. `at` in milliseconds since the epoch; values as sent, before `scale`. */
export type ResolvedSeries = {
  workloadId: string
  signal: SignalName
  kind: 'gauge' | 'counter'
  /** Multiplies the values into the signal's unit. */
  scale: number
  /** With the metric's name as `__name__`. */
  labels: Record<string, string>
  samples: { at: number; value: number }[]
}

/** Identity of a label set, whatever the order in which labels were sent. */
export function labelsHash(labels: Record<string, string>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return hash('sha256', JSON.stringify(sorted), 'hex')
}
