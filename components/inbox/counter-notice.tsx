import type { ProposalDetail } from '../../server/governance/contract.ts'
import { DifferenceTable } from '../decisions/difference-table.tsx'
import { RelativeTime } from '../ui/clock.tsx'
import { Notice } from '../ui/states.tsx'

/** The numbers are a person's: who put them forward, why, what was proposed instead, and whether that still is. */
export function CounterNotice({
  counter,
  newerAdvice,
}: {
  counter: NonNullable<ProposalDetail['counter']>
  newerAdvice: string | null
}) {
  return (
    <div className="flex flex-col gap-2">
      <Notice tone="wait" title={counter.mine ? 'Your numbers wait for somebody else' : 'A counter-proposal'}>
        {counter.mine ? 'You' : counter.who} put these numbers forward <RelativeTime at={counter.at} />: “
        {counter.reason}”
      </Notice>
      {newerAdvice ? (
        <Notice tone="breach" title="Made against older advice">
          {newerAdvice} Nothing else is proposed for this workload until this is decided.
        </Notice>
      ) : null}
      <DifferenceTable difference={counter.difference} instead="put forward" />
    </div>
  )
}
