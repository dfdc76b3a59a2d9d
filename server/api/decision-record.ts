import type { AuditEntryView } from '../audit/contract.ts'
import { listEntries } from '../audit/index.ts'
import type { DispatchView } from '../dispatch/contract.ts'
import { getDispatch } from '../dispatch/index.ts'
import type { DecisionDetail } from '../governance/contract.ts'
import { getDecision } from '../governance/index.ts'
import type { Verb } from '../kernel/context.ts'

/** Everything there is to know of one decision. `entries`: of its proposal and of the decision, oldest first. */
export type DecisionRecord = {
  decision: DecisionDetail
  dispatch: DispatchView | null
  entries: AuditEntryView[]
}

const maxEntries = 500

/** A decision with what was sent for it, what came back, and what the log says. @throws NotFoundError */
export async function readDecision({ ctx, input }: Verb<{ id: string }>): Promise<DecisionRecord> {
  const decision = await getDecision({ ctx, input })
  const subjects = [`proposal/${decision.proposalId}`, `decision/${decision.id}`]
  const [dispatch, ...pages] = await Promise.all([
    getDispatch({ ctx, input: { decisionId: decision.id } }),
    ...subjects.map((subject) => listEntries({ ctx, input: { subject, limit: maxEntries } })),
  ])
  const entries = pages.flatMap((page) => page.entries).sort((a, b) => a.seq - b.seq)
  return { decision, dispatch, entries }
}
