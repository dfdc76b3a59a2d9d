/** How patient the executor is; tests shorten what they would have to wait for. */
export type DispatchSettings = {
  /** A worker that is silent this long may be replaced; longer than any one request to a target. */
  leaseSeconds: number
  /** How long a dispatch of which surely nothing was sent is tried before it fails. */
  giveUpSeconds: number
  /** Least time that replicas are given to become ready; three times the offering's p90 lead if that is longer. */
  readyTimeoutSeconds: number
  /** Pauses between looks at a target that is not ready yet, and between attempts. */
  shortestPauseSeconds: number
  longestPauseSeconds: number
}

export const defaultSettings: DispatchSettings = {
  leaseSeconds: 30,
  giveUpSeconds: 600,
  readyTimeoutSeconds: 600,
  shortestPauseSeconds: 2,
  longestPauseSeconds: 60,
}

/** Doubling pauses, within bounds. `attempts` counts from 1. */
export function pauseAfter(attempts: number, settings: DispatchSettings): number {
  const doubled = settings.shortestPauseSeconds * 2 ** Math.min(attempts - 1, 16)
  return Math.min(doubled, settings.longestPauseSeconds)
}
