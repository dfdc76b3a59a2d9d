'use client'
import Link from 'next/link'
import type { PolicyInForce } from '../../server/plan/contract.ts'
import { useEnvironment } from '../frame/environment.ts'
import { Facts, Section } from '../ui/facts.tsx'
import { formatMoney, formatNumber, formatPercent } from '../ui/format.ts'
import { formatDuration } from '../ui/time.ts'

const levels: Record<PolicyInForce['automationLevel'], string> = {
  observe: 'observe',
  recommend: 'recommended, nobody can approve',
  approve: 'people approve',
  automatic: 'automatic within the bounds of rules, where earned',
}

/** The bounds that an admin set, as they are in force. */
export function Bounds({ policy }: { policy: PolicyInForce }) {
  const { link } = useEnvironment()
  return (
    <Section
      title="Bounds"
      aside={
        <Link href={link('/policies')} className="text-action text-xs hover:underline">
          policy version <span className="num">{policy.version}</span>
        </Link>
      }
    >
      <Facts
        facts={[
          {
            term: 'replicas',
            value: `${formatNumber(policy.minReplicas)} to ${formatNumber(policy.maxReplicas)}`,
          },
          { term: 'at a time', value: `+${policy.maxStepUp}, \u2212${policy.maxStepDown}` },
          { term: 'cost limit', value: formatMoney(policy.costLimitPerHourUsd, { per: 'h' }) },
          { term: 'regions', value: policy.allowedRegions.join(', ') },
          { term: 'a surge is', value: `${formatPercent(policy.surgeProbability)} or more` },
          { term: 'too little costs', value: `${formatNumber(policy.penaltyRatio)}× too much` },
          { term: 'people get', value: formatDuration(policy.approvalLeadSeconds) },
          { term: 'scale-down pause', value: formatDuration(policy.scaleDownCooldownSeconds) },
          { term: 'automation', value: levels[policy.automationLevel] },
        ]}
      />
    </Section>
  )
}
