'use client'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import { inverseOf, isStaged } from '../plan/stages.ts'
import { changeOf } from '../plan/words.ts'
import { Button } from '../ui/button.tsx'
import { formatCount } from '../ui/format.ts'

export type Deciding = 'approve' | 'override' | 'reject' | 'snooze' | 'rollback'

/** Whether an applied proposal can be taken back. */
export function canRollBack(proposal: ProposalDetail): boolean {
  const done = proposal.dispatchState === 'applied' || proposal.dispatchState === 'verified'
  return done && inverseOf(proposal.content) !== null
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
          disabled={!proposal.content.allowed || proposal.approval.notYou !== null}
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
        <Button shortcut="S" onClick={() => onStart('snooze')}>
          Snooze
        </Button>
        {proposal.approval.notYou ? <p className="text-wait">{proposal.approval.notYou}</p> : null}
        {proposal.content.allowed ? null : (
          <p className="text-breach">Policy forbids it as proposed: override it or reject it.</p>
        )}
      </>
    )
  }
  if (canRollBack(proposal)) {
    return (
      <Button variant="danger" onClick={() => onStart('rollback')}>
        {rollbackWords(proposal)}
      </Button>
    )
  }
  if (proposal.dispatchState === 'verified') {
    return <p className="py-1 text-muted">It cannot be taken back: one of its actions ends for good.</p>
  }
  return null
}

/** "Roll back to 12 replicas", or how many actions are taken back. */
export function rollbackWords({ content, fromReplicas }: ProposalDetail): string {
  return isStaged(content.actions)
    ? `Take back ${changeOf(content.actions)}`
    : `Roll back to ${formatCount(fromReplicas, 'replica')}`
}
