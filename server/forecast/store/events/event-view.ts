import { InvalidInputError } from '../../../kernel/errors.ts'
import type { PlannedEvent } from '../../../kernel/generated/client.ts'
import { type EventView, spanProblem } from '../../events/contract.ts'

export function eventView(row: PlannedEvent): EventView {
  return {
    id: row.id,
    workloadId: row.workloadId,
    team: row.team,
    name: row.name,
    kind: row.kind,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    expectedFactor: row.expectedFactor,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    cancelledAt: row.cancelledAt?.toISOString() ?? null,
  }
}

/** @throws InvalidInputError naming the field of a span that is impossible, too long or too far away */
export function requireSpan(span: { startsAt: string; endsAt: string }, now: Date): void {
  const problem = spanProblem(span, now)
  if (problem !== null)
    throw new InvalidInputError(`The event is not valid: ${problem.message}; expected ${problem.expected}.`, [
      problem,
    ])
}
