'use client'
import { parseAsStringLiteral, useQueryStates } from 'nuqs'

export const windows = ['1h', '6h', '24h', '7d'] as const
export type WindowName = (typeof windows)[number]

export const windowSeconds: Record<WindowName, number> = {
  '1h': 3_600,
  '6h': 21_600,
  '24h': 86_400,
  '7d': 604_800,
}

export const saidChoices = ['off', '30m', '1h', '6h', '24h'] as const
export type SaidChoice = (typeof saidChoices)[number]

export const saidSeconds: Record<SaidChoice, number> = {
  off: 0,
  '30m': 1_800,
  '1h': 3_600,
  '6h': 21_600,
  '24h': 86_400,
}

/** The span of the charts and the past forecast laid over them, both in the URL. */
export function useChartChoices() {
  return useQueryStates({
    window: parseAsStringLiteral(windows).withDefault('6h'),
    said: parseAsStringLiteral(saidChoices).withDefault('off'),
  })
}
