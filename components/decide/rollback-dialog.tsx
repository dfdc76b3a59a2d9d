'use client'
import { useQuery } from '@tanstack/react-query'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { SagaStages } from '../plan/saga-stages.tsx'
import { isStaged } from '../plan/stages.ts'
import { Facts } from '../ui/facts.tsx'
import { formatCount, formatMoney, formatPercent } from '../ui/format.ts'
import { formatDuration } from '../ui/time.ts'
import { rollbackWords } from './action-bar.tsx'
import { ReasonDialog } from './reason-dialog.tsx'
import { useWaiver, WaiverField } from './waiver.tsx'

/** Takes an applied proposal back: what that would do now, whether policy allows it, and why. */
export function RollbackDialog({
  proposal,
  busy,
  onSend,
  onOpenChange,
}: {
  proposal: ProposalDetail
  busy: boolean
  onSend: (reason: string, waiver?: string) => Promise<unknown>
  onOpenChange: (open: boolean) => void
}) {
  const trpc = useTRPC()
  const preview = useQuery(
    trpc.proposal.previewRollback.queryOptions({ proposalId: proposal.id }, { retry: false, staleTime: 0 }),
  )
  const plan = preview.data
  const waiver = useWaiver(plan ?? null, proposal.engine, false)
  const staged = isStaged(proposal.content.actions)
  const back = formatCount(proposal.fromReplicas, 'replica')
  const forbidden = plan?.policyResults
    .filter(({ passed, enforcement }) => !passed && enforcement === 'hard-mandatory')
    .map(({ message }) => message)
  const obstacle = preview.error
    ? errorMessageOf(preview.error)
    : forbidden && forbidden.length > 0
      ? `Policy forbids it now. ${forbidden.join(' ')} An override of the next proposal may go part of the way.`
      : waiver.messages.length > 0 && !waiver.mayWaive
        ? `Policy forbids it now. ${waiver.messages.join(' ')} An admin may let it pass.`
        : null
  return (
    <ReasonDialog
      title={
        staged
          ? `Take #${proposal.number} for ${proposal.workload.name} back?`
          : `Roll ${proposal.workload.name} back to ${back}?`
      }
      description={
        staged
          ? 'Sets every target back, in reverse order, as a decision of yours.'
          : `Sets ${proposal.content.evidence.capacity.targetName} to ${back} at once, as a decision of yours.`
      }
      action={rollbackWords(proposal)}
      busy={busy || preview.isPending || (waiver.mayWaive && !waiver.ready)}
      obstacle={obstacle}
      onSend={(reason) => onSend(reason, waiver.sent)}
      onOpenChange={onOpenChange}
    >
      <WaiverField waiver={waiver} />
      {plan && staged ? <SagaStages content={plan} /> : null}
      <Facts
        facts={[
          {
            term: 'cost',
            value: plan ? formatMoney(plan.effect.costChangePerHourUsd, { per: 'h', signed: true }) : '…',
          },
          {
            term: 'SLO risk',
            value: plan
              ? `${formatPercent(plan.effect.sloRiskBefore)} → ${formatPercent(plan.effect.sloRiskAfter)}`
              : '…',
            note: plan
              ? `that demand passes capacity within ${formatDuration(plan.evidence.planningSpanSeconds)}`
              : undefined,
          },
        ]}
      />
    </ReasonDialog>
  )
}
