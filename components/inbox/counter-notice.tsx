import type { ProposalDetail } from '../../server/governance/contract.ts'
import { DifferenceTable } from '../decisions/difference-table.tsx'
import { RelativeTime } from '../ui/clock.tsx'
import { Notice } from '../ui/states.tsx'

/** The numbers are a person's: who put them forward, why, and what was proposed instead. Somebody else approves them. */
export function CounterNotice({ counter }: { counter: NonNullable<ProposalDetail['counter']> }) {
  return (
    <div className="flex flex-col gap-2">
      <Notice tone="wait" title={counter.mine ? 'Your numbers wait for somebody else' : 'A counter-proposal'}>
        {counter.mine ? 'You' : counter.who} put these numbers forward <RelativeTime at={counter.at} />: “
        {counter.reason}”
      </Notice>
      <DifferenceTable difference={counter.difference} />
    </div>
  )
}
