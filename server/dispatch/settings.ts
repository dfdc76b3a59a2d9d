import { spreadOf } from '../kernel/rng.ts'

/** How patient the executor is; tests shorten what they would have to wait for. */
export type DispatchSettings = {
  /** A worker that is silent this long may be replaced; it gives a sign of life three times as often. */
  leaseSeconds: number
  /** How long a dispatch of which surely nothing was sent is tried before it fails. */
  giveUpSeconds: number
  /** How long a write that may have been taken is read back before a person has to look. */
  unknownSeconds: number
  /**
   * How long a write that was not answered may still reach its target: our request time-out (10 s), the API server's own (60 s),
   * and what a network or a proxy may hold back. Whoever sends it later than this after it was let go does not send it.
   */
  mayLandSeconds: number
  /** Writes of one action that are sent again, each after a read that shows the one before had no effect. */
  mostWrites: number
  /** Workers in a row that end without giving a dispatch back, before a person has to look. */
  mostCrashes: number
  /** Least time that replicas are given to become ready; three times the offering's p90 lead if that is longer. */
  readyTimeoutSeconds: number
  /** Pauses between looks at a target that is not ready yet, and between attempts. */
  shortestPauseSeconds: number
  longestPauseSeconds: number
}

export const defaultSettings: DispatchSettings = {
  leaseSeconds: 30,
  giveUpSeconds: 600,
  unknownSeconds: 1_800,
  mayLandSeconds: 300,
  mostWrites: 12,
  mostCrashes: 25,
  readyTimeoutSeconds: 600,
  shortestPauseSeconds: 2,
  longestPauseSeconds: 60,
}

/**
 * Doubling pauses, within bounds. `attempts` counts from 1. Of each pause the later half is spread by `who`, so that what
 * stumbled together does not come back together ("equal jitter": Brooker, Exponential Backoff And Jitter, AWS 2015).
 */
export function pauseAfter(attempts: number, settings: DispatchSettings, who: string): number {
  const { shortestPauseSeconds, longestPauseSeconds } = settings
  const doubled = shortestPauseSeconds * 2 ** Math.min(attempts, 16)
  const longest = Math.min(doubled, longestPauseSeconds)
  return Math.round((longest / 2) * (1 + spreadOf(`${who}/${attempts}`)) * 1_000) / 1_000
}
