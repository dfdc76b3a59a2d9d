import { Check, Circle } from 'lucide-react'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import { Moment } from '../ui/clock.tsx'
import { Section } from '../ui/facts.tsx'
import { formatDayClock } from '../ui/time.ts'

/** Who has to say yes, who did, and what happens if nobody does. */
export function Approvers({ proposal }: { proposal: ProposalDetail }) {
  const { approval, failSafe, automation } = proposal
  const by = automation.by.filter(({ rule }) => rule !== null)
  return (
    <Section
      title="Approval"
      aside={
        approval.policyVersion > 0 ? (
          <span className="text-muted text-xs">rules of approval {approval.policyVersion}</span>
        ) : null
      }
    >
      <ul>
        {approval.clauses.map((clause) => (
          <li key={clause.rule ?? 'always'} className="flex min-h-7 items-baseline gap-2 border-b py-1">
            {clause.missing === null ? (
              <Check aria-label="met" className="size-3.5 shrink-0 translate-y-0.5 text-verified" />
            ) : (
              <Circle aria-label="open" className="size-3.5 shrink-0 translate-y-0.5 text-wait" />
            )}
            <span className="flex-1">
              {clause.missing ?? `${clause.approvers} of ${clause.approvers}`}
              {clause.rule === null ? null : (
                <span className="ml-2 font-mono text-muted text-xs">{clause.rule}</span>
              )}
            </span>
          </li>
        ))}
        {approval.given.map(({ decisionId, who, groups, at }) => (
          <li key={decisionId} className="flex min-h-7 items-baseline gap-2 border-b py-1 text-muted">
            <Check aria-hidden className="size-3.5 shrink-0 translate-y-0.5" />
            <span className="flex-1">
              {who}
              {groups.length > 0 ? `, ${groups.join(', ')}` : ''} said yes
            </span>
            <Moment at={at} format={formatDayClock} />
          </li>
        ))}
      </ul>
      {approval.notYou && proposal.state === 'waiting' ? (
        <p className="mt-1 text-wait">{approval.notYou}</p>
      ) : null}
      {approval.outOfReach && proposal.state === 'waiting' ? (
        <p role="status" className="mt-1 text-breach">
          {approval.outOfReach} While it waits, nothing else is proposed for this workload:{' '}
          {proposal.counter?.mine
            ? 'Reject takes your numbers back'
            : 'Reject makes room for what is planned next'}
          , or an admin gives somebody else the team.
        </p>
      ) : null}
      {approval.breakGlass ? (
        <p className="mt-1 text-breach">
          Your broken glass makes one approval enough until{' '}
          <Moment at={approval.breakGlass.until} format={formatDayClock} />. It is reviewed afterwards.
        </p>
      ) : null}
      {failSafe ? (
        <p className="mt-1">
          <span className="text-muted">If nobody decides by </span>
          <Moment at={failSafe.at} format={formatDayClock} />: {failSafe.words}
        </p>
      ) : null}
      {by.length > 0 ? (
        <p className="mt-1 text-muted text-xs">
          Automation level {automation.level}: {by.map(({ words }) => words).join('; ')}
          {automation.held ? `. Held: ${automation.held}` : ''}
        </p>
      ) : null}
    </Section>
  )
}
