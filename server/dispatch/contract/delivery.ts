import { z } from 'zod'
import type { DispatchStateName } from '../../governance/contract.ts'
import { reason } from './fields.ts'

/** Has a dead letter tried again, or closes it. */
export const deadLetterInput = z.object({
  decisionId: z.uuid(),
  reason,
})
export type DeadLetterInput = z.input<typeof deadLetterInput>

/** A dispatch that could not be delivered and waits for a person. `goodUntil`: a redrive is refused after it; null where only a read-back is left to do. */
export type DeadLetterView = {
  decisionId: string
  decisionNumber: number
  proposalId: string
  proposalNumber: number
  workload: { id: string; title: string }
  state: DispatchStateName
  note: string | null
  /** The target that it stopped at; null before the first write. */
  targetName: string | null
  since: string
  goodUntil: string | null
}

/**
 * How it stands between here and the targets. `real`: connections with targets that are not simulated. `unread`: those of which
 * something cannot be read now, `silent` where nothing answers at all; `readAt`: the oldest of what was last read there. `stuck`:
 * approved, and tried again without success so far; the oldest first, a hundred at most.
 */
export type DeliveryState = {
  real: string[]
  unread: { name: string; silent: boolean; readAt: string | null }[]
  stuck: { decisionId: string; decisionNumber: number }[]
  deadLetters: number
}

/** How fast a connection is asked, and whether it is asked at all at the moment. */
export type GateView = {
  requestsPerSecond: number
  burst: number
  /** *closed*: it is asked as usual. *open*: not before `until`. *trying*: one worker tries whether it answers again. */
  circuit: 'closed' | 'open' | 'trying'
  until: string | null
  failures: number
  lastFailure: string | null
}

export const connectionLimitInput = z.object({
  connectionId: z.uuid(),
  /** Requests per second that all workers together may send when they carry decisions out. */
  requestsPerSecond: z.number().min(0.1, 'at least one request in ten seconds').max(1_000),
  /** Requests that may be sent at once after a quiet while. */
  burst: z.number().min(10, 'at least ten, which is one dispatch').max(10_000),
})
export type ConnectionLimitInput = z.input<typeof connectionLimitInput>
