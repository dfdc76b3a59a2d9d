import type { PlanContent } from '../../server/plan/contract.ts'
import { bindingSeen } from '../plan/approval-binding.ts'
import { BindingText, HashCheck } from '../plan/evidence.tsx'
import { Facts } from '../ui/facts.tsx'
import { formatChange, formatMoney } from '../ui/format.ts'

/** Exactly what reaches the target, before it does: set-points, preconditions, and the hash that binds them. */
export function WhatIsSent({
  proposalId,
  content,
  contentHash,
}: {
  proposalId: string
  content: PlanContent
  contentHash: string
}) {
  const binding = bindingSeen(proposalId, content)
  const { capacity, policy } = content.evidence
  return (
    <div className="flex flex-col gap-2">
      <Facts
        facts={[
          ...content.actions.map((action) => ({
            term: `set ${action.targetName}`,
            value: `${formatChange(action.fromReplicas, action.toReplicas)} replicas`,
            note: `${action.hardwareClass}, ${action.domainName}, ${action.region}`,
          })),
          {
            term: 'only if the target is still at version',
            value: capacity.observedVersion,
          },
          { term: 'and the policy at version', value: policy.version },
          {
            term: 'and a replica at',
            value: formatMoney(capacity.offering.pricePerReplicaHourUsd, { per: 'h' }),
          },
          { term: 'content hash', value: <HashCheck binding={binding} contentHash={contentHash} /> },
        ]}
      />
      <details>
        <summary className="w-fit text-muted hover:text-ink">Letter by letter</summary>
        <div className="mt-2">
          <BindingText binding={binding} />
        </div>
      </details>
    </div>
  )
}
