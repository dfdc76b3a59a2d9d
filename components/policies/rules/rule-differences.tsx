import type { RuleDifference } from '../../../server/governance/contract.ts'
import { Badge } from '../../ui/badge.tsx'
import { cn } from '../../ui/class-names.ts'
import { ScrollAcross } from '../../ui/scroll-across.tsx'
import { lineDiff } from './line-diff.ts'
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
                <dd className="min-w-0 break-words">
                  {isLong(label) ? (
                    <LineDiff before={before} after={after} />
                  ) : (
                    <Words before={before} after={after} />
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}

type Change = { before: string | null; after: string | null }

/** What is written in lines, and compared by them. */
const isLong = (label: string) => label === 'Policies' || label === 'Tests'

function Words({ before, after }: Change) {
  return (
    <>
      {before ? <del className="text-muted no-underline">{before}</del> : null}
      {before && after ? ' → ' : null}
      {after ? <ins className="no-underline">{after}</ins> : null}
    </>
  )
}

const marks = { same: ' ', gone: '−', new: '+' } as const

function LineDiff({ before, after }: Change) {
  return (
    <ScrollAcross label="Line by line">
      <pre className="num w-max min-w-full rounded-md border bg-sunken py-1">
        {lineDiff(before, after).map(({ kind, text }, i) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name but their place
            key={i}
            className={cn(
              'block px-2',
              kind === 'gone' && 'bg-breach-soft',
              kind === 'new' && 'bg-verified-soft',
            )}
          >
            {marks[kind]} {text}
          </span>
        ))}
      </pre>
    </ScrollAcross>
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
