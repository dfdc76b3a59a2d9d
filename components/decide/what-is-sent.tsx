import { bindingOf, touchedPools } from '../../server/governance/contract.ts'
import type { PlanContent } from '../../server/plan/contract.ts'
import { BindingText, HashCheck } from '../plan/evidence.tsx'
import { isStaged } from '../plan/stages.ts'
import { kindName, setPointOf } from '../plan/words.ts'
import { Facts, Words } from '../ui/facts.tsx'
import { formatMoney } from '../ui/format.ts'

/** Exactly what reaches the targets, before it does: set-points, preconditions, and the hash that binds them. */
export function WhatIsSent({
  proposalId,
  content,
  contentHash,
}: {
  proposalId: string
  content: PlanContent
  contentHash: string
}) {
  const binding = bindingOf(proposalId, content)
  const { policy, ruleSetVersion } = content.evidence
  const staged = isStaged(content.actions)
  const pools = touchedPools(content)
  const named = (term: string, targetName: string) => (pools.length > 1 ? `${term} (${targetName})` : term)
  return (
    <div className="flex flex-col gap-2">
      <Facts
        facts={[
          ...content.actions.map((action) => ({
            term: `${staged ? `${(action.stage ?? 0) + 1}. ${kindName(action.kind)}` : 'set'} ${action.targetName}`,
            value: setPointOf(action),
            note: `${action.hardwareClass}, ${action.domainName}, ${action.region}`,
          })),
          ...pools.map(({ targetName, observedVersion }) => ({
            term: named('only if the target is still at version', targetName),
            value: observedVersion,
          })),
          { term: 'and the policy at version', value: policy.version },
          ...(ruleSetVersion ? [{ term: 'and the rules at version', value: ruleSetVersion }] : []),
          ...pools.map(({ targetName, offering }) => ({
            term: named('and a replica at', targetName),
            value: formatMoney(offering.pricePerReplicaHourUsd, { per: 'h' }),
          })),
          ...(binding.format === 'infrasage-approval/2'
            ? [
                {
                  term: 'if one of them fails',
                  value: (
                    <Words>
                      {binding.inverse === null ? 'nothing is taken back' : 'what was applied is taken back'}
                    </Words>
                  ),
                },
              ]
            : []),
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
