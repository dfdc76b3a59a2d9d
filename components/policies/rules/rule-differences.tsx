import type { RuleDifference } from '../../../server/governance/contract.ts'
import { Badge } from '../../ui/badge.tsx'
import { ruleFields } from './rule-words.ts'

/** Rules that were added, changed or taken out: each with what it said before and what it says now. */
export function RuleDifferences({ differences }: { differences: readonly RuleDifference[] }) {
  return (
    <ul className="flex flex-col gap-2">
      {differences.map((difference) => (
        <li key={difference.name} className="border-b pb-2 last:border-b-0">
          <p className="flex flex-wrap items-center gap-2">
            <span className="font-medium font-mono">{difference.name}</span>
            <Badge tone={difference.after ? 'neutral' : 'breach'}>{wordFor(difference)}</Badge>
          </p>
          <dl className="mt-1 grid grid-cols-[7rem_1fr] gap-x-3 text-xs">
            {fieldsOf(difference).map(({ label, before, after }) => (
              <div key={label} className="contents">
                <dt className="text-muted">{label}</dt>
                <dd className="break-words">
                  {before ? <del className="text-muted no-underline">{before}</del> : null}
                  {before && after ? ' → ' : null}
                  {after ? <ins className="no-underline">{after}</ins> : null}
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}

function wordFor({ before, after }: RuleDifference): string {
  if (!before) return 'added'
  return after ? 'changed' : 'taken out'
}

function fieldsOf({
  before,
  after,
}: RuleDifference): { label: string; before: string | null; after: string | null }[] {
  const old = before ? ruleFields(before) : []
  const fresh = after ? ruleFields(after) : []
  return (fresh.length > 0 ? fresh : old)
    .map(({ label }, i) => ({
      label,
      before: before ? (old[i]?.text ?? '') : null,
      after: after ? (fresh[i]?.text ?? '') : null,
    }))
    .filter((field) => field.before !== field.after && (field.before || field.after))
}
