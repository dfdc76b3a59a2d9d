import type { Regret } from '../../server/forecast/contract.ts'
import { Section } from '../ui/facts.tsx'
import { formatNumber } from '../ui/format.ts'
import { formatDuration } from '../ui/time.ts'
import { boundSentence, boundUsed, regretSentence } from './regret-words.ts'

/** How the mixture fares against the best of its methods in hindsight, and what its rule guarantees. */
export function RegretList({ regret, stepSeconds }: { regret: readonly Regret[]; stepSeconds: number }) {
  return (
    <Section title="Against the best method in hindsight">
      {regret.length === 0 ? (
        <p className="border-t py-3 text-muted">
          Not measured for this forecast: its model version does not keep regret.
        </p>
      ) : (
        <ul className="border-t">
          {regret.map((group) => (
            <Group key={group.fromLead} group={group} stepSeconds={stepSeconds} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function Group({ group, stepSeconds }: { group: Regret; stepSeconds: number }) {
  const used = boundUsed(group)
  const ahead = (lead: number) => formatDuration(lead * stepSeconds)
  const span =
    group.fromLead === group.toLead
      ? ahead(group.toLead)
      : `${ahead(group.fromLead)} to ${ahead(group.toLead)}`
  return (
    <li className="flex flex-col gap-1 border-b py-2 last:border-b-0">
      <p className="flex justify-between gap-3">
        <span className="font-medium">{span} ahead</span>
        <span className="num text-muted text-xs">{formatNumber(group.rounds)} judged</span>
      </p>
      <p>{regretSentence(group)}</p>
      <p className="text-muted text-xs">{boundSentence(group)}</p>
      {used === null ? null : (
        <div
          role="img"
          aria-label={`${formatNumber(Math.min(999, used * 100), 0)} % of the bound used`}
          className="relative h-1 bg-hover"
        >
          <div
            className={used > 1 ? 'h-full bg-breach' : 'h-full bg-ink'}
            style={{ width: `${Math.min(1, used) * 100}%` }}
          />
        </div>
      )}
    </li>
  )
}
