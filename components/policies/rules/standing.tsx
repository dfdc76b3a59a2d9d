import type { RuleStanding } from '../../../server/governance/contract.ts'
import { budgetMarks } from '../../../server/plan/contract.ts'
import { cn } from '../../ui/class-names.ts'
import { formatMoney, formatPercent } from '../../ui/format.ts'

type StandingProps = {
  standings: readonly RuleStanding[]
  /** Whether the rule is published: one that binds may have nothing to be measured. */
  inForce: boolean
}

/** Where a rule stands: of its fullest group a bar against the limit, of the others how many there are. */
export function Standing({ standings, inForce }: StandingProps) {
  const [first, ...rest] = standings
  if (!first)
    return <span className="text-faint">{inForce ? 'in force, nothing to measure' : 'not in force'}</span>
  return (
    <div className="min-w-52">
      {first.used === null ? null : <Bar standing={first} used={first.used} />}
      <p className="text-muted text-xs">{wordsOf(first)}</p>
      {rest.length > 0 ? (
        <details className="text-xs">
          <summary className="w-fit text-muted hover:text-ink">{rest.length} more</summary>
          <ul className="mt-1 flex flex-col gap-1">
            {rest.map((standing) => (
              <li key={standing.of}>
                {standing.of}: <span className="num">{formatPercent(standing.used)}</span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  )
}

function wordsOf({ actual, budget, of }: RuleStanding): string {
  if (!budget) return of ? `${of}: ${actual}` : actual
  const { spentUsd, monthEndUsd } = budget
  return `${of}: ${formatMoney(spentUsd)} spent, ${formatMoney(monthEndUsd)} by the month’s end`
}

function Bar({ standing, used }: { standing: RuleStanding; used: number }) {
  const { budget } = standing
  const forecast = budget ? budget.monthEndUsd / budget.limitUsd : null
  const fill = used > 1 ? 'bg-breach' : used > 0.9 ? 'bg-wait' : 'bg-muted'
  const width = (share: number) => `${Math.min(1, share) * 100}%`
  return (
    <div className="flex items-center gap-2">
      <div className="relative h-2 min-w-24 flex-1 border border-line-strong">
        {forecast === null ? null : (
          <div className="absolute inset-y-0 left-0 bg-forecast/30" style={{ width: width(forecast) }} />
        )}
        <div className={cn('absolute inset-y-0 left-0', fill)} style={{ width: width(used) }} />
        {budget
          ? budgetMarks
              .filter((mark) => mark < 100)
              .map((mark) => (
                <span
                  key={mark}
                  className="absolute -inset-y-0.5 w-px bg-ink"
                  style={{ left: `${mark}%` }}
                  aria-hidden
                />
              ))
          : null}
      </div>
      <span className={cn('num w-20 text-right text-xs', used > 1 ? 'text-breach' : 'text-muted')}>
        {formatPercent(used)}
        {used > 1 ? ' over' : ''}
      </span>
    </div>
  )
}
