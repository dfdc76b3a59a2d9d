import Link from 'next/link'
import { useEnvironment } from '../frame/environment.ts'
import { Badge } from '../ui/badge.tsx'
import { Moment } from '../ui/clock.tsx'
import type { DecisionRecord } from './decision-record.ts'
import { rolesAtDecision } from './roles-then.ts'

/** Who said yes, with what they were at that moment, and what the rules of approval asked for. */
export function Approvals({ record: { decision, entries } }: { record: DecisionRecord }) {
  const { link } = useEnvironment()
  const { approval, breakGlassId } = decision
  const alone = { decisionId: decision.id, who: decision.who, at: decision.at, groups: [] }
  const given = approval?.given ?? [{ ...alone, roles: rolesAtDecision(entries, decision.id) ?? [] }]
  return (
    <div className="flex flex-col gap-3">
      <ul className="border-t">
        {given.map((each) => (
          <li
            key={each.decisionId}
            className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 border-b py-1"
          >
            <span className="font-medium">{each.who}</span>
            <span className="text-muted">
              {each.roles.length > 0 ? `as ${each.roles.join(' and ')}` : 'no person: the system'}
              {each.groups.length > 0 ? `, of ${each.groups.join(', ')}` : ''}
            </span>
            {each.decisionId === decision.id ? null : (
              <Link className="underline" href={link(`/decisions/${each.decisionId}`)}>
                its own decision
              </Link>
            )}
            <span className="ml-auto">
              <Moment at={each.at} />
            </span>
          </li>
        ))}
      </ul>
      {breakGlassId ? (
        <p className="text-wait">One approval was enough: the glass was broken, to be reviewed afterwards.</p>
      ) : null}
      {approval ? (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
          Asked for by version {approval.policyVersion} of the rules of approval:
          {approval.clauses.map((clause, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: frozen with the decision, and in no other order
            <Badge key={index} tone={clause.missing ? 'wait' : 'verified'}>
              {clause.missing ?? `${clause.have} given, met`}
            </Badge>
          ))}
        </p>
      ) : null}
    </div>
  )
}
