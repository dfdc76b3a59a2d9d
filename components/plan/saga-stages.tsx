import type { Action, PlanContent } from '../../server/plan/contract.ts'
import { Facts, Section, Words } from '../ui/facts.tsx'
import { formatMoney } from '../ui/format.ts'
import { inverseOf, peakCostOf, poolOf, type Stage, stagesOf } from './stages.ts'
import { WorkloadLink } from './touched-workloads.tsx'
import { kindName, setPointOf } from './words.ts'

/** What is done first, what waits for what, what is paid at most on the way, and what takes it back. */
export function SagaStages({ content }: { content: PlanContent }) {
  const inverse = inverseOf(content)
  return (
    <Section title="What is done, in order">
      <ol className="border-t">
        {stagesOf(content.actions).map((stage) => (
          <StageRow key={stage.number} stage={stage} content={content} />
        ))}
      </ol>
      <Facts
        className="max-w-xl"
        facts={[
          {
            term: 'at most, on the way',
            value: formatMoney(peakCostOf(content), { per: 'h' }),
            note: `then ${formatMoney(content.effect.costPerHourUsd, { per: 'h' })}; limit ${formatMoney(content.evidence.policy.costLimitPerHourUsd, { per: 'h' })}`,
          },
          {
            term: 'if an action fails',
            value: (
              <Words>{inverse === null ? 'nothing is taken back' : 'what was applied is taken back'}</Words>
            ),
            note:
              inverse === null
                ? 'because one of the actions cannot be; what was done by then stays'
                : 'in reverse order, without another decision',
          },
        ]}
      />
      {inverse === null || inverse.length === 0 ? null : (
        <details className="mt-1">
          <summary className="w-fit text-muted hover:text-ink">What takes it back</summary>
          <ol className="mt-1 border-t">
            {stagesOf(inverse).map((stage) => (
              <StageRow key={stage.number} stage={stage} content={content} />
            ))}
          </ol>
        </details>
      )}
    </Section>
  )
}

function StageRow({ stage, content }: { stage: Stage; content: PlanContent }) {
  return (
    <li className="grid gap-x-4 border-b py-1.5 md:grid-cols-[170px_1fr]">
      <p>
        <span className="font-medium">{stage.number}.</span>{' '}
        <span className="text-muted text-xs">
          {stage.number === 1 ? 'at once' : `once ${stage.number - 1} stands verified`}
        </span>
      </p>
      <ul className="min-w-0">
        {stage.actions.map((action) => (
          <li key={action.targetId} className="flex flex-wrap items-baseline gap-x-3">
            <ActionWords action={action} content={content} />
          </li>
        ))}
      </ul>
    </li>
  )
}

/** One action in words: kind, target, set-point, and where. */
export function ActionWords({ action, content }: { action: Action; content: Pick<PlanContent, 'evidence'> }) {
  const pool = poolOf(content, action)
  const market = pool ? `, ${pool.offering.market.replace('_', '-')}` : ''
  return (
    <>
      <span>
        {kindName(action.kind)} <span className="font-medium">{action.targetName}</span>
      </span>
      <span className="num">{setPointOf(action)}</span>
      <span className="text-muted text-xs">
        {pool?.domain.title ?? action.domainName}, {action.region}, {action.hardwareClass}
        {market}
        {action.workloadId === undefined ? null : (
          <>
            , of <WorkloadLink id={action.workloadId} />
          </>
        )}
      </span>
    </>
  )
}
