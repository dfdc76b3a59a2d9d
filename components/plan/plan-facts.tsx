import type { CapacitySnapshot, PlanContent } from '../../server/plan/contract.ts'
import { quantileAt } from '../charts/fan.ts'
import { Moment } from '../ui/clock.tsx'
import { Facts, Section } from '../ui/facts.tsx'
import { formatMoney, formatNumber, formatPercent, formatQuantity, formatSigned } from '../ui/format.ts'
import { formatClock, formatDuration } from '../ui/time.ts'
import { capacitiesOf, isStaged, peakCostOf } from './stages.ts'
import { changeOf } from './words.ts'

/** What becomes of replicas, risk and latency, and when. */
export function WhatChanges({ content }: { content: PlanContent }) {
  const { effect, evidence } = content
  const { capacity } = evidence
  const latency = (ms: number | null) => (ms === null ? 'does not settle' : formatQuantity(ms, 'ms'))
  const { desired, planned } = capacitiesOf(content)
  const later = passedLater(content, planned)
  return (
    <Section title="What changes">
      <Facts
        facts={[
          {
            term: isStaged(content.actions) ? 'actions' : 'replicas',
            value: changeOf(content.actions),
            note: `${capacity.offering.hardwareClass}, ${capacity.offering.market.replace('_', '-')}`,
          },
          {
            term: 'capacity',
            value: `${formatNumber(desired)} → ${formatQuantity(planned, evidence.forecast.unit)}`,
            note: `${formatQuantity(capacity.capacityPerReplica, evidence.forecast.unit)} a replica, as declared`,
          },
          {
            term: 'SLO risk',
            value: `${formatPercent(effect.sloRiskBefore)} → ${formatPercent(effect.sloRiskAfter)}`,
            note: `that demand passes this capacity within ${formatDuration(evidence.planningSpanSeconds)}`,
          },
          ...(later === null
            ? []
            : [
                {
                  term: 'passed later',
                  value: <Moment at={later} format={formatClock} />,
                  note: 'by the median, beyond that span: more is proposed by then',
                },
              ]),
          {
            term: 'p99 at the peak',
            value: `${latency(effect.latencyP99MsBefore)} → ${latency(effect.latencyP99MsAfter)}`,
            note: `of the median, ${modelWords(capacity)}; objective ${formatQuantity(evidence.objectiveP99Ms, 'ms')}`,
          },
          content.direction === 'down' || content.direction === 'stop'
            ? { term: 'gone', value: 'at once' }
            : {
                term: 'ready after',
                value: formatDuration(capacity.offering.leadTimeP50Seconds),
                note: `from the approval; p90 ${formatDuration(capacity.offering.leadTimeP90Seconds)}`,
              },
        ]}
      />
    </Section>
  )
}

/** What p99 is taken from: it may hold where demand is above the capacity that was declared, which SLO risk is held against. */
function modelWords({ model }: CapacitySnapshot): string {
  if (model?.kind === 'batching') return 'by the model of its batches'
  if (!model) return 'by an assumed queue'
  return model.fit.source === 'telemetry' ? 'by the fitted queue' : 'by the declared queue'
}

/** When the median forecast first passes the planned capacity, where that is beyond the span that the plan covers. */
function passedLater({ evidence, direction }: PlanContent, planned: number): string | null {
  const { forecast, planningSpanSeconds } = evidence
  if (direction !== 'up') return null
  const end = Date.parse(forecast.origin) + planningSpanSeconds * 1_000
  const passes = forecast.leads.find(({ values }) => quantileAt(forecast.levels, values, 0.5) > planned)
  return passes && Date.parse(passes.at) > end ? passes.at : null
}

/** Money against its bound, and carbon. */
export function WhatItCosts({ content }: { content: PlanContent }) {
  const { effect, evidence } = content
  const limit = evidence.policy.costLimitPerHourUsd
  return (
    <Section title="What it costs">
      <Facts
        facts={[
          { term: 'change', value: formatMoney(effect.costChangePerHourUsd, { per: 'h', signed: true }) },
          {
            term: 'then',
            value: formatMoney(effect.costPerHourUsd, { per: 'h' }),
            note: `at ${formatMoney(evidence.capacity.offering.pricePerReplicaHourUsd, { per: 'h' })} per replica`,
          },
          ...(isStaged(content.actions)
            ? [
                {
                  term: 'at most, on the way',
                  value: formatMoney(peakCostOf(content), { per: 'h' }),
                },
              ]
            : []),
          {
            term: 'left under the limit',
            value: formatMoney(limit - effect.costPerHourUsd, { per: 'h' }),
            note: `of ${formatMoney(limit, { per: 'h' })}`,
          },
          { term: 'carbon', value: `${formatSigned(effect.carbonChangeGPerHour / 1000, 2)}\u202fkg/h` },
          {
            term: 'served in',
            value: formatPercent(evidence.servedQuantile, 1),
            note: `of outcomes: up to ${formatQuantity(evidence.demandAtQuantile, evidence.forecast.unit)}`,
          },
        ]}
      />
    </Section>
  )
}
