import type { Alternative, Assessment, PlanContent } from '../../server/plan/contract.ts'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/class-names.ts'
import { Section } from '../ui/facts.tsx'
import { FigureHead, figureCell } from '../ui/figure-table.tsx'
import { formatMoney, formatPercent } from '../ui/format.ts'
import { ScrollAcross } from '../ui/scroll-across.tsx'
import { isStaged } from './stages.ts'
import { levelsIn } from './words.ts'

/** The proposal beside what else could be done, on the same scale. `onTry` opens the override at that level. */
export function Alternatives({
  content,
  onTry,
}: {
  content: PlanContent
  onTry?: (replicas: number) => void
}) {
  return (
    <Section title="Alternatives">
      <ScrollAcross label="Choices side by side">
        <table className="w-full text-sm">
          <FigureHead
            columns={[
              'choice',
              isStaged(content.actions) ? 'set to' : 'replicas',
              'cost',
              'SLO risk',
              'policy',
            ]}
          >
            {onTry ? (
              <th scope="col" className="w-0">
                <span className="sr-only">Try</span>
              </th>
            ) : null}
          </FigureHead>
          <tbody>
            <Row name="Proposed" assessment={content} planned={content.actions} strong />
            {content.alternatives.map((alternative) => (
              <Row
                key={`${alternative.kind}-${alternative.label}`}
                name={content.direction === 'stop' ? alternative.label : alternativeName(alternative)}
                assessment={alternative}
                planned={content.actions}
                onTry={alternative.kind === 'do-nothing' ? undefined : onTry}
                hasTry={onTry !== undefined}
              />
            ))}
          </tbody>
        </table>
      </ScrollAcross>
    </Section>
  )
}

function alternativeName(alternative: Alternative): string {
  if (alternative.kind === 'do-nothing') return 'Do nothing'
  return alternative.kind === 'less' ? 'Cheaper' : 'Safer'
}

function Row({
  name,
  assessment,
  planned,
  strong,
  onTry,
  hasTry,
}: {
  name: string
  assessment: Assessment
  /** What is proposed: its targets, in its order. */
  planned: PlanContent['actions']
  strong?: boolean
  onTry?: (replicas: number) => void
  hasTry?: boolean
}) {
  const { effect, allowed } = assessment
  return (
    <tr className={cn('border-b last:border-b-0', strong && 'font-medium')}>
      <th scope="row" className={cn('min-w-24 py-1 pr-2 text-left', strong ? 'font-medium' : 'font-normal')}>
        {name}
      </th>
      <td className={figureCell} title={planned.map(({ targetName }) => targetName).join(' + ')}>
        {levelsIn(planned, assessment)}
      </td>
      <td className={figureCell}>{formatMoney(effect.costChangePerHourUsd, { per: 'h', signed: true })}</td>
      <td className={figureCell}>{formatPercent(effect.sloRiskAfter)}</td>
      <td className={cn('h-8 whitespace-nowrap px-2 text-right', allowed ? 'text-muted' : 'text-breach')}>
        {allowed ? 'allowed' : 'forbidden'}
      </td>
      {strong || hasTry ? (
        <td className="text-right">
          {onTry ? (
            <Button variant="quiet" size="sm" onClick={() => onTry(effect.replicas)}>
              Try
            </Button>
          ) : null}
        </td>
      ) : null}
    </tr>
  )
}
