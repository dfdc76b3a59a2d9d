'use client'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import { changeOf } from '../plan/words.ts'
import { Button } from '../ui/button.tsx'
import { formatCount } from '../ui/format.ts'

export type Deciding = 'approve' | 'override' | 'reject' | 'rollback'

/** Whether an applied proposal can be taken back. */
export function canRollBack(proposal: ProposalDetail): boolean {
  return proposal.dispatchState === 'applied' || proposal.dispatchState === 'verified'
}

/** What can be done with the proposal, at the foot of its pane; nothing is offered that the server would refuse. */
export function ActionBar({
  proposal,
  mayDecide,
  onStart,
}: {
  proposal: ProposalDetail
  mayDecide: boolean
  onStart: (deciding: Deciding) => void
}) {
  if (!mayDecide) {
    return <p className="py-1 text-muted">Only operators decide. You can read everything here.</p>
  }
  if (proposal.state === 'waiting') {
    return (
      <>
        <Button
          variant="primary"
          shortcut="A"
          disabled={!proposal.content.allowed}
          onClick={() => onStart('approve')}
        >
          Approve {changeOf(proposal.content.actions)}
        </Button>
        <Button shortcut="O" onClick={() => onStart('override')}>
          Override
        </Button>
        <Button shortcut="R" onClick={() => onStart('reject')}>
          Reject
        </Button>
        {proposal.content.allowed ? null : (
          <p className="text-breach">Policy forbids it as proposed: override it or reject it.</p>
        )}
      </>
    )
  }
  if (canRollBack(proposal)) {
    return (
      <Button variant="danger" onClick={() => onStart('rollback')}>
        Roll back to {formatCount(proposal.fromReplicas, 'replica')}
      </Button>
    )
  }
  return null
}
