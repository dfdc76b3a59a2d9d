import type { LogStatus } from '../../server/audit/contract.ts'

/** A checkpoint is due within seconds of an entry; after this something is wrong with the workers. */
const dueSeconds = 120

/** How long entries have waited beyond what is usual for a checkpoint; 0 while all is well. */
export function lateSeconds({ entries, verifiedSize, verifiedAt }: LogStatus, now: number): number {
  if (entries <= verifiedSize || verifiedAt === null) return 0
  return Math.max(0, (now - Date.parse(verifiedAt)) / 1_000 - dueSeconds)
}
