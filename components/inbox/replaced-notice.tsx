'use client'
import type { ProposalDetail, Successor } from '../../server/governance/contract.ts'
import type { Action } from '../../server/plan/contract.ts'
import { setPointOf } from '../plan/words.ts'
import { Button } from '../ui/button.tsx'
import { Moment } from '../ui/clock.tsx'
import { type Fact, Facts } from '../ui/facts.tsx'
import { formatMoney } from '../ui/format.ts'
import { Notice } from '../ui/states.tsx'
import { formatClock } from '../ui/time.ts'

/** A newer proposal took the place of the one that is open: what differs, and the way to it. */
export function ReplacedNotice({
  proposal,
  successor,
  onGoTo,
}: {
  proposal: Pick<ProposalDetail, 'number' | 'actBy' | 'costChangePerHourUsd' | 'content'>
  successor: Successor
  onGoTo: (proposalId: string) => void
}) {
  const cost = (usd: number) => formatMoney(usd, { per: 'h', signed: true })
  const facts: Fact[] = [
    ...setPointChanges(proposal.content.actions, successor.actions),
    {
      term: 'cost',
      value: `${cost(proposal.costChangePerHourUsd)}, now ${cost(successor.costChangePerHourUsd)}`,
    },
    {
      term: 'act by',
      value: (
        <>
          <Moment at={proposal.actBy} format={formatClock} />, now{' '}
          <Moment at={successor.actBy} format={formatClock} />
        </>
      ),
    },
  ]
  return (
    <Notice
      tone="wait"
      title={`#${successor.number} replaced #${proposal.number}${successor.state === 'waiting' ? '' : `, and is ${successor.state}`}`}
      action={
        <Button size="sm" onClick={() => onGoTo(successor.id)}>
          Go to #{successor.number}
        </Button>
      }
    >
      <p>A newer plan took the place of this one. What you read stays here; sending it is refused.</p>
      <Facts facts={facts} className="mt-1 max-w-xl" />
    </Notice>
  )
}

/** Every target of either plan, as it was to be set and as it is to be set now. */
function setPointChanges(before: readonly Action[], now: readonly Action[]): Fact[] {
  const targets = [...new Set([...before, ...now].map(({ targetId }) => targetId))]
  return targets.map((targetId) => {
    const [was, is] = [before, now].map((actions) => actions.find((action) => action.targetId === targetId))
    const words = (action: Action | undefined) => (action ? setPointOf(action) : 'left as it is')
    return {
      term: was?.targetName ?? is?.targetName ?? '',
      value: words(was) === words(is) ? words(is) : `${words(was)}, now ${words(is)}`,
    }
  })
}
