import type { PlannedEvent } from './contract.ts'
import type { EventInSteps } from './event-effects.ts'

/**
 * Planned events as an engine counts: in steps from its first one, which starts at `firstStepAt`. Ends are rounded to the
 * nearest step, and an event shorter than one still has one.
 */
export function eventsInSteps(
  events: readonly PlannedEvent[],
  firstStepAt: Date,
  stepSeconds: number,
): EventInSteps[] {
  const stepOf = (iso: string) => Math.round((Date.parse(iso) - firstStepAt.getTime()) / 1000 / stepSeconds)
  return events.map(({ id, kind, startsAt, endsAt, expectedFactor }) => {
    const startStep = stepOf(startsAt)
    return { id, kind, startStep, endStep: Math.max(startStep + 1, stepOf(endsAt)), expectedFactor }
  })
}
