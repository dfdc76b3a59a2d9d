import Link from 'next/link'
import type { ReactNode } from 'react'
import { BindingText, HashCheck } from '../plan/evidence.tsx'
import { Moment } from '../ui/clock.tsx'
import { type Fact, Facts } from '../ui/facts.tsx'
import { formatMoney, formatNumber, formatPercent, formatQuantity, shortHash } from '../ui/format.ts'
import { formatDuration } from '../ui/time.ts'
import type { DecisionRecord } from './decision-record.ts'

/** From telemetry to approval, link by link: each with the version or hash by which it can be found again. */
export function Provenance({ record }: { record: DecisionRecord }) {
  const { decision } = record
  const plan = decision.sent ?? decision.seen
  const { forecast, capacity, policy } = plan.evidence
  const demand = formatQuantity(plan.evidence.demandAtQuantile, forecast.unit)
  const steps: { name: string; facts: Fact[] }[] = [
    {
      name: 'Telemetry',
      facts: [
        {
          term: 'signal',
          value: forecast.signal,
          note: `in ${forecast.unit}, every ${formatDuration(forecast.stepSeconds)}`,
        },
        { term: 'from', value: <Moment at={forecast.trainedFrom} /> },
        { term: 'until', value: <Moment at={forecast.trainedTo} /> },
        { term: 'steps learned', value: formatNumber(forecast.observations) },
      ],
    },
    {
      name: 'Forecast',
      facts: [
        { term: 'model', value: forecast.modelVersion },
        { term: 'state', value: <span title={forecast.stateHash}>{shortHash(forecast.stateHash)}</span> },
        { term: 'last value used', value: <Moment at={forecast.origin} /> },
        {
          term: '90 % intervals held in',
          value: formatPercent(forecast.coverage90, 1),
          note: `of ${formatNumber(forecast.coverageCount)} judged`,
        },
      ],
    },
    {
      name: 'Plan',
      facts: [
        {
          term: 'served quantile',
          value: formatPercent(plan.evidence.servedQuantile, 1),
          note: `demand up to ${demand}`,
        },
        {
          term: 'lead planned for',
          value: formatDuration(plan.evidence.provisioningLeadSeconds + plan.evidence.approvalLeadSeconds),
          note: `provisioning ${formatDuration(plan.evidence.provisioningLeadSeconds)}, approval ${formatDuration(plan.evidence.approvalLeadSeconds)}`,
        },
        {
          term: 'price',
          value: formatMoney(capacity.offering.pricePerReplicaHourUsd, { per: 'h' }),
          note: 'per replica',
        },
        {
          term: 'target read',
          value: <Moment at={capacity.observedAt} />,
          note: `version ${capacity.observedVersion}`,
        },
      ],
    },
    {
      name: 'Policy',
      facts: [
        {
          term: 'version',
          value: (
            <Link className="underline" href={`/policies?workload=${decision.workload.id}`}>
              {policy.version}
            </Link>
          ),
        },
        { term: 'replicas', value: `${policy.minReplicas} to ${policy.maxReplicas}` },
        { term: 'cost limit', value: formatMoney(policy.costLimitPerHourUsd, { per: 'h' }) },
        { term: 'regions', value: policy.allowedRegions.join(', ') },
      ],
    },
    { name: 'Decision', facts: approvalFacts(record) },
  ]
  return (
    <div className="flex flex-col gap-4">
      <ol className="grid gap-x-8 gap-y-4 md:grid-cols-2 xl:grid-cols-3">
        {steps.map((step, index) => (
          <Step key={step.name} number={index + 1} name={step.name}>
            <Facts facts={step.facts} />
          </Step>
        ))}
      </ol>
      {decision.binding ? (
        <details>
          <summary className="w-fit text-muted hover:text-ink">Exactly what the approval bound</summary>
          <div className="mt-2">
            <BindingText binding={decision.binding} />
          </div>
        </details>
      ) : null}
    </div>
  )
}

function approvalFacts({ decision }: DecisionRecord): Fact[] {
  const facts: Fact[] = [
    { term: 'by', value: decision.who },
    { term: 'at', value: <Moment at={decision.at} /> },
  ]
  if (!decision.binding) {
    return [...facts, { term: 'binds', value: 'nothing', note: 'nothing could be sent for it' }]
  }
  return [
    ...facts,
    {
      term: 'content hash',
      value: <HashCheck binding={decision.binding} contentHash={decision.contentHash} />,
    },
    {
      term: 'redeemed',
      value: decision.nonceUsedAt ? <Moment at={decision.nonceUsedAt} /> : 'not yet',
      note: 'an approval can be used once',
    },
  ]
}

function Step({ number, name, children }: { number: number; name: string; children: ReactNode }) {
  return (
    <li className="min-w-0">
      <h3 className="eyebrow mb-1 border-b pb-1">
        <span className="num mr-1.5 text-faint">{number}</span>
        {name}
      </h3>
      {children}
    </li>
  )
}
