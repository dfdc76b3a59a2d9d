import type { ApprovalPolicy } from '../../../server/governance/contract.ts'
import { Button } from '../../ui/button.tsx'
import { Facts, Section } from '../../ui/facts.tsx'
import { formatPercent } from '../../ui/format.ts'
import { Concerns } from './concerns.tsx'
import { aboutText, saysText, whenText } from './rule-words.ts'
import { type AnyRule, type Draftable, type SectionName, sections, sectionWords } from './sections.ts'

type RuleSectionsProps = {
  policy: ApprovalPolicy
  /** Null for who may not change them. */
  onEdit: ((open: Draftable | { kind: 'settings' }) => void) | null
  onRemove: (section: SectionName, name: string) => void
}

/** The rules by what they are for, and the settings that hold for all. */
export function RuleSections({ policy, onEdit, onRemove }: RuleSectionsProps) {
  const { holdSeconds, earned } = policy
  return (
    <div className="grid gap-6 xl:grid-cols-2">
      {sections.map((section) => (
        <Section
          key={section}
          title={sectionWords[section].title}
          aside={
            onEdit ? (
              <Button size="sm" onClick={() => onEdit({ section, name: null, rule: null })}>
                {sectionWords[section].add}
              </Button>
            ) : null
          }
        >
          {policy[section].length === 0 ? (
            <p className="border-t py-2 text-muted">{sectionWords[section].empty}</p>
          ) : (
            <ul aria-label={sectionWords[section].title} className="border-t">
              {policy[section].map((rule) => (
                <Row
                  key={rule.name}
                  rule={rule}
                  onEdit={onEdit ? () => onEdit({ section, name: rule.name, rule }) : null}
                  onRemove={() => onRemove(section, rule.name)}
                />
              ))}
            </ul>
          )}
        </Section>
      ))}
      <Section
        title="For all"
        aside={
          onEdit ? (
            <Button size="sm" onClick={() => onEdit({ kind: 'settings' })}>
              Change<span className="sr-only"> what holds for all</span>
            </Button>
          ) : null
        }
      >
        <Facts
          className="border-t"
          facts={[
            { term: 'An approval can be undone for', value: `${holdSeconds} s` },
            { term: 'Autonomy is measured over', value: `${earned.windowDays} days` },
            { term: 'It takes decisions of people', value: `≥ ${earned.minDecisions}` },
            { term: 'stated 90 % intervals that held', value: `≥ ${formatPercent(earned.minCoverage)}` },
            { term: 'changed or refused by people', value: `≤ ${formatPercent(earned.maxOverrideRate)}` },
            { term: 'good outcomes', value: `≥ ${formatPercent(earned.minGoodOutcomes)}` },
          ]}
        />
      </Section>
    </div>
  )
}

function Row({
  rule,
  onEdit,
  onRemove,
}: {
  rule: AnyRule
  onEdit: (() => void) | null
  onRemove: () => void
}) {
  const when = whenText(rule)
  return (
    <li className="grid gap-x-4 gap-y-1 border-b py-2 last:border-b-0 sm:grid-cols-[minmax(9rem,1fr)_minmax(12rem,2fr)_auto]">
      <div className="min-w-0">
        <span className="block break-words font-medium font-mono">{rule.name}</span>
        <span className="block text-muted text-xs">{aboutText(rule)}</span>
        <Concerns scope={rule.scope} />
      </div>
      <div className="min-w-0">
        {saysText(rule)}
        {when ? <span className="block text-muted text-xs">{when}</span> : null}
        {rule.note ? <span className="block text-muted text-xs">{rule.note}</span> : null}
      </div>
      {onEdit ? (
        <div className="flex gap-1">
          <Button variant="quiet" size="sm" onClick={onEdit}>
            Change<span className="sr-only"> {rule.name}</span>
          </Button>
          <Button variant="quiet" size="sm" onClick={onRemove}>
            Take out<span className="sr-only"> {rule.name}</span>
          </Button>
        </div>
      ) : null}
    </li>
  )
}
