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
  const times = record.consecutiveFaults === 1 ? 'once' : `${record.consecutiveFaults} times in a row`
  const fault = `${record.lastError ?? 'unknown fault'} (${times}, since ${clock(record.failingSince)})`
  switch (state) {
    case 'off':
      return 'Switched off; our own forecast goes out without it.'
    case 'new':
      return 'Not asked yet; it is asked at the next step.'
    case 'answering':
      return 'Answers in time; its quantiles take part as one more method.'
    case 'failing':
      return `The last answer could not be used: ${fault}. Our own forecast goes out without it.`
    case 'paused':
      return `Left alone until ${clock(record.retryAt)}: ${fault}. Our own forecast goes out without it.`
  }
}

function clock(at: Date | null): string {
  return at === null ? 'a time that was not kept' : `${at.toISOString().slice(11, 19)} UTC`
}
