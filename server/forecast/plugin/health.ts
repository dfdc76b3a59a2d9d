import type { Record } from './breaker.ts'
import type { ForecasterHealth } from './contract.ts'

/** How a forecaster fares, with a sentence for people. */
export function healthOf(record: Record & { active: boolean }, now: Date): ForecasterHealth {
  const asked = record.recent.length
  const answered = record.recent.replaceAll('0', '').length
  const state = stateOf(record, now)
  const iso = (at: Date | null) => at?.toISOString() ?? null
  return {
    state,
    text: textOf(state, record),
    asked,
    answeredShare: asked > 0 ? answered / asked : null,
    lastAnswerAt: iso(record.lastAnswerAt),
    failingSince: iso(record.failingSince),
    lastError: record.lastError,
    lastErrorAt: iso(record.lastErrorAt),
    retryAt: iso(record.retryAt),
  }
}

function stateOf(record: Record & { active: boolean }, now: Date): ForecasterHealth['state'] {
  if (!record.active) return 'off'
  if (record.consecutiveFaults > 0) {
    return record.retryAt !== null && record.retryAt > now ? 'paused' : 'failing'
  }
  return record.recent === '' ? 'new' : 'answering'
}

function textOf(state: ForecasterHealth['state'], record: Record): string {
  const since = record.failingSince?.toISOString()
  const fault = `${record.lastError ?? 'unknown fault'} (${record.consecutiveFaults} in a row since ${since})`
  switch (state) {
    case 'off':
      return 'Switched off; our own forecast goes out without it.'
    case 'new':
      return 'Not asked yet; it is asked at the next step.'
    case 'answering':
      return 'Answers in time; its quantiles take part as one more expert.'
    case 'failing':
      return `The last answer could not be used: ${fault}. Our own forecast goes out without it.`
    case 'paused':
      return `Left alone until ${record.retryAt?.toISOString()}: ${fault}. Our own forecast goes out without it.`
  }
}
