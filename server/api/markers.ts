import { decisionKinds } from '../governance/contract.ts'
import { listDecisions, listProposals } from '../governance/index.ts'
import type { Verb } from '../kernel/context.ts'
import type { Marker, MarkerWindow } from './contract.ts'

/** What a chart can show apart. */
const maxMarkers = 200

/** What people or rules did; that a plan was replaced or ran out is no decision of anybody. */
const decided = decisionKinds.filter((kind) => !['supersede', 'expire', 'hold'].includes(kind))

/** The newest proposals and decisions of a workload within a window, in order of time. */
export async function readMarkers({ ctx, input }: Verb<MarkerWindow>): Promise<Marker[]> {
  const { workloadId, from, to } = input
  const [proposals, decisions] = await Promise.all([
    listProposals({ ctx, input: { workloadId, sort: 'createdAt', order: 'desc', limit: maxMarkers } }),
    listDecisions({ ctx, input: { workloadId, from, to, kind: decided, limit: maxMarkers } }),
  ])
  const markers: Marker[] = [
    ...proposals.rows
      .filter(({ createdAt }) => createdAt >= from && createdAt < to)
      .map(({ id, createdAt, summary, state }) => ({
        kind: 'proposal' as const,
        at: createdAt,
        id,
        proposalId: id,
        label: summary,
        state,
      })),
    ...decisions.rows.map(({ id, at, proposalId, summary, kind, dispatchState }) => ({
      kind: 'decision' as const,
      at,
      id,
      proposalId,
      label: summary,
      decision: kind,
      dispatchState,
    })),
  ]
  return markers.sort((a, b) => a.at.localeCompare(b.at))
}
