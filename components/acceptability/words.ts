import type { AcceptabilityMeasures, PulseQuestion, Rate } from '../../server/evaluation/contract.ts'
import { formatPercent, NONE } from '../ui/format.ts'
import { formatDuration } from '../ui/time.ts'

/** What is asked after a decision, and what the ends of the scale mean. */
export const pulseWords: Record<PulseQuestion, { asks: string; short: string }> = {
  clear: { asks: 'The proposal said all I needed to decide.', short: 'said enough' },
  trust: { asks: 'I trust the numbers it was made with.', short: 'numbers trusted' },
  ease: { asks: 'It was easy to decide.', short: 'easy to decide' },
}

/** "75 %", or a dash where there is nothing to take a share of. */
export const rateText = ({ rate }: Rate): string => (rate === null ? NONE : formatPercent(rate))

/** "6 of 8" */
export const countText = ({ count, of }: Rate): string => `${count} of ${of}`

export const timeText = (measures: AcceptabilityMeasures, level: 'p50' | 'p90'): string =>
  measures.timeToDecideSeconds === null ? NONE : formatDuration(measures.timeToDecideSeconds[level])
