import type { Action, PlanContent } from '../../server/plan/contract.ts'
import { controlOf, unitOf } from '../../server/plan/contract.ts'
import { Section } from '../ui/facts.tsx'
import { formatMoney, formatQuantity, THIN } from '../ui/format.ts'
import { ScrollAcross } from '../ui/scroll-across.tsx'
import { poolOf } from './stages.ts'

/** One target as it is and as it would be, line by line. */
type Change = { target: string; where: string; lines: { name: string; before: string; after: string }[] }

/** The change as a diff: what stands now, struck, and what takes its place. Set-points first, then what follows from them. */
export function PlanDiff({ content }: { content: PlanContent }) {
  const { effect } = content
  const ms = (value: number | null) => (value === null ? 'does not settle' : formatQuantity(value, 'ms'))
  const before = effect.costPerHourUsd - effect.costChangePerHourUsd
  const changes: Change[] = [
    ...content.actions.map((action) => ofAction(content, action)),
    {
      target: 'what follows',
      where: '',
      lines: [
        {
          name: 'cost',
          before: formatMoney(before, { per: 'h' }),
          after: formatMoney(effect.costPerHourUsd, { per: 'h' }),
        },
        {
          name: 'p99 at the peak',
          before: ms(effect.latencyP99MsBefore),
          after: ms(effect.latencyP99MsAfter),
        },
      ],
    },
  ]
  return (
    <Section title="Change">
      <ScrollAcross label="The change as a diff">
        <div className="num w-max min-w-full rounded-md border bg-sunken py-1 text-xs">
          {changes.map(({ target, where, lines }) => (
            <div key={target} className="py-0.5">
              <p className="px-3 text-muted">
                {target}
                {where ? <span className="text-faint"> {where}</span> : null}
              </p>
              {lines.map(({ name, before: was, after: then }) =>
                was === then ? (
                  <p key={name} className="px-3 text-muted">
                    {`${THIN}${THIN}${name}: ${was}`}
                  </p>
                ) : (
                  <div key={name}>
                    <p className="bg-breach-soft px-3">
                      <span aria-hidden>− </span>
                      <span className="sr-only">now </span>
                      {name}: <del>{was}</del>
                    </p>
                    <p className="bg-verified-soft px-3">
                      <span aria-hidden>+ </span>
                      <span className="sr-only">then </span>
                      {name}: <ins className="no-underline">{then}</ins>
                    </p>
                  </div>
                ),
              )}
            </div>
          ))}
        </div>
      </ScrollAcross>
    </Section>
  )
}

function ofAction(content: PlanContent, action: Action): Change {
  const unit = unitOf[controlOf[action.kind]]
  const pool = poolOf(content, action)
  const market = pool ? `, ${pool.offering.market.replace('_', '-')}` : ''
  const runs = action.kind === 'suspend' || action.kind === 'resume' || action.kind === 'cancel'
  const state = (on: number) =>
    on > 0 ? 'runs' : action.kind === 'cancel' ? 'ends for good' : 'stands still'
  return {
    target: action.targetName,
    where: `${action.domainName}, ${action.hardwareClass}${market}`,
    lines: [
      runs
        ? { name: 'job', before: state(action.fromReplicas), after: state(action.toReplicas) }
        : { name: unit, before: String(action.fromReplicas), after: String(action.toReplicas) },
    ],
  }
}
