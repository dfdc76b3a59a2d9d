import { createHash } from 'node:crypto'

/** Attempts before a notice is given up: with the waits below, over about a day. */
export const mostAttempts = 15
const firstSeconds = 5
const longestSeconds = 3 * 3_600

/**
 * Seconds until the next attempt after `attempts` failed ones: doubling from five seconds to three hours, between half and
 * all of that ("equal jitter"), so that what failed together does not come back together. The same notice and attempt
 * always wait the same.
 */
export function retrySeconds(deliveryId: string, attempts: number): number {
  const most = Math.min(longestSeconds, firstSeconds * 2 ** (attempts - 1))
  const drawn = createHash('sha256').update(`${deliveryId}/${attempts}`).digest().readUInt32BE() / 2 ** 32
  return most / 2 + (drawn * most) / 2
}
