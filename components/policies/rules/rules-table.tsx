import type { RulesView } from '../../../server/governance/contract.ts'
import type { Rule } from '../../../server/plan/contract.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/class-names.ts'
import { formatCount } from '../../ui/format.ts'
import { EnforcementBadge } from './enforcement-badge.tsx'
import { kindWords, limitText, scopeText } from './rule-words.ts'
import { Standing } from './standing.tsx'

const columns =
  'lg:grid-cols-[minmax(11rem,1fr)_minmax(10rem,1fr)_5rem_minmax(9rem,1fr)_minmax(15rem,1.4fr)_11rem]'

type RulesTableProps = {
  view: RulesView
  /** Null for who may not change them. */
  onEdit: ((rule: Rule) => void) | null
  onRemove: (rule: Rule) => void
}

/** The rules as drafted, with what is in force of them and where each stands; one under the other on a phone. */
export function RulesTable({ view, onEdit, onRemove }: RulesTableProps) {
  const rules = view.draft?.rules ?? view.rules
  const gone = view.draft?.differences.filter(({ after }) => after === null) ?? []
  return (
    <div>
      <div aria-hidden className={cn('hidden gap-x-4 border-b lg:grid', columns)}>
        {['rule', 'limit', 'enforcement', 'about', 'now'].map((title) => (
          <span key={title} className="eyebrow py-1">
            {title}
          </span>
        ))}
      </div>
      <ul aria-label="Rules">
        {rules.map((rule) => (
          <RuleRow key={rule.name} rule={rule} view={view} onEdit={onEdit} onRemove={onRemove} />
        ))}
      </ul>
      {gone.length > 0 ? (
        <p className="py-2 text-muted text-xs">
          Taken out by the draft, in force until it is published: {gone.map(({ name }) => name).join(', ')}.
        </p>
      ) : null}
    </div>
  )
}

function RuleRow({ rule, view, onEdit, onRemove }: RulesTableProps & { rule: Rule }) {
  const difference = view.draft?.differences.find(({ name }) => name === rule.name)
  const covered = view.inScope[rule.name]
  return (
    <li className={cn('grid gap-x-4 gap-y-1 border-b py-2 last:border-b-0', columns)}>
      <div>
        <span className="font-medium font-mono">{rule.name}</span>
        {difference ? (
          <Badge tone="action" className="ml-2">
            {difference.before ? 'changed' : 'added'}
          </Badge>
        ) : null}
        <span className="block text-muted text-xs">{kindWords[rule.kind].title}</span>
      </div>
      <div className="num">{limitText(rule)}</div>
      <div>
        <EnforcementBadge enforcement={rule.enforcement} />
      </div>
      <div>
        {scopeText(rule.scope)}
        {covered === undefined ? null : (
          <span className="block text-muted text-xs">{formatCount(covered, 'workload')}</span>
        )}
      </div>
      <Standing
        standings={view.standings.filter((standing) => standing.rule === rule.name)}
        inForce={view.rules.some(({ name }) => name === rule.name)}
      />
      {onEdit ? (
        <div className="flex gap-1 lg:justify-end">
          <Button variant="quiet" size="sm" onClick={() => onEdit(rule)}>
            Change<span className="sr-only"> {rule.name}</span>
          </Button>
          <Button variant="quiet" size="sm" onClick={() => onRemove(rule)}>
            Take out<span className="sr-only"> {rule.name}</span>
          </Button>
        </div>
      ) : null}
    </li>
  )
}
