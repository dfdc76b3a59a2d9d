'use client'
import { parseAsIsoDateTime, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { REPLAY_POLICIES } from '../../server/evaluation/contract.ts'

export const spans = ['24h', '7d', '30d', 'custom'] as const
export type SpanName = (typeof spans)[number]

const hourMs = 3_600_000
const presets = ['24h', '7d', '30d'] as const
export const spanMs: Record<(typeof presets)[number], number> = {
  '24h': 24 * hourMs,
  '7d': 7 * 24 * hourMs,
  '30d': 30 * 24 * hourMs,
}

/** What was replayed and which two policies the chart compares: all in the URL, as moments, so that a link shows the same. */
export function useChoices() {
  return useQueryStates({
    workload: parseAsString,
    from: parseAsIsoDateTime,
    to: parseAsIsoDateTime,
    one: parseAsStringLiteral(REPLAY_POLICIES).withDefault('infrasage'),
    other: parseAsStringLiteral(REPLAY_POLICIES).withDefault('hpa-tuned'),
  })
}
export type Choices = ReturnType<typeof useChoices>[0]

/** A window of a preset's length that ends with the last whole step measured, and does not begin before the first. */
export function presetWindow(
  span: Exclude<SpanName, 'custom'>,
  measured: { from: number; to: number },
): { from: number; to: number } {
  return { from: Math.max(measured.from, measured.to - spanMs[span]), to: measured.to }
}

/** The preset that is as long as what is shown, or *custom*. */
export function spanOf({ from, to }: { from: Date | null; to: Date | null }): SpanName {
  if (from === null || to === null) return '24h'
  const length = to.getTime() - from.getTime()
  return presets.find((span) => spanMs[span] === length) ?? 'custom'
}
