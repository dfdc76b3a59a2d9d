import type { ShiftHour } from '../../server/plan/contract.ts'

/** Units that an hour puts off (above 0) or takes from earlier ones; of the first, what waits already is not known to be put off. */
export function movedIn(hours: readonly ShiftHour[], i: number): number | null {
  const [hour, before] = [hours[i], hours[i - 1]]
  if (hour === undefined) return null
  return before === undefined ? null : hour.backlog - before.backlog
}
