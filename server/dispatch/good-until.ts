import type { DispatchStateName } from '../governance/contract.ts'

type Bound = {
  state: DispatchStateName
  decision: { notAfter: Date | null; proposal: { expiresAt: Date } }
}

/**
 * Until when a dead letter may be tried again: what failed is bound to the time that it was approved for. Null where a write is
 * unclear, which can always be read back.
 */
export function goodUntil({ state, decision: { notAfter, proposal } }: Bound): string | null {
  return state === 'failed' ? (notAfter ?? proposal.expiresAt).toISOString() : null
}
