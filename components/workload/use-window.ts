'use client'
import { parseAsIsoDateTime, parseAsStringLiteral, useQueryStates } from 'nuqs'

export const windows = ['1h', '6h', '24h', '7d'] as const
export type WindowName = (typeof windows)[number]

export const windowSeconds: Record<WindowName, number> = {
  '1h': 3_600,
  '6h': 21_600,
  '24h': 86_400,
  '7d': 604_800,
}

export const tabs = ['why', 'trust', 'events', 'pools', 'advice', 'bounds', 'origin'] as const
export type TabName = (typeof tabs)[number]

/** The span of the charts, the past moment that is looked back at, and what is open below: all in the URL. */
export function useChartChoices() {
  return useQueryStates({
    window: parseAsStringLiteral(windows).withDefault('6h'),
    at: parseAsIsoDateTime,
    tab: parseAsStringLiteral(tabs).withDefault('why'),
  })
}

/** The present, and what the time axis of the page shows, in milliseconds. */
export type Span = { from: number; to: number; now: number }

/**
 * The last `seconds` and as much ahead as the forecast reaches, at most as long. A past moment that would not be seen
 * in it moves the span back until the moment and what it forecast are in view.
 */
export function spanOf(now: number, seconds: number, lastLead: number | null, at: number | null): Span {
  const length = seconds * 1_000
  const ahead = lastLead === null ? length / 4 : lastLead - now
  const to = now + Math.max(60_000, Math.min(ahead, length))
  if (at === null || at >= now - length) return { from: now - length, to, now }
  return { from: at - length / 2, to: Math.min(to, at + length / 2), now }
}
