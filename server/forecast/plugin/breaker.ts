/** Faults in a row after which a forecaster is left alone for a while. */
export const faultsBeforePause = 3
const firstPauseMs = 60_000
const longestPauseMs = 3_600_000
const remembered = 100

/** What is kept of how a forecaster fares. */
export type Record = {
  recent: string
  consecutiveFaults: number
  lastAnswerAt: Date | null
  failingSince: Date | null
  lastError: string | null
  lastErrorAt: Date | null
  retryAt: Date | null
}

export const freshRecord: Record = {
  recent: '',
  consecutiveFaults: 0,
  lastAnswerAt: null,
  failingSince: null,
  lastError: null,
  lastErrorAt: null,
  retryAt: null,
}

/** The record after one more request: `problem` null for a good answer in time. Pauses double from one minute to an hour. */
export function recordAfter(before: Record, at: Date, problem: string | null): Record {
  const recent = `${before.recent}${problem === null ? '1' : '0'}`.slice(-remembered)
  if (problem === null) {
    return { ...before, recent, consecutiveFaults: 0, lastAnswerAt: at, failingSince: null, retryAt: null }
  }
  const consecutiveFaults = before.consecutiveFaults + 1
  const pauses = consecutiveFaults - faultsBeforePause
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(pauses, 10))
  return {
    ...before,
    recent,
    consecutiveFaults,
    failingSince: before.failingSince ?? at,
    lastError: problem,
    lastErrorAt: at,
    retryAt: pauses >= 0 ? new Date(at.getTime() + pauseMs) : null,
  }
}
