'use client'
import type { BaseModelRow } from '../../server/governance/contract.ts'
import { ReasonDialog } from '../decide/reason-dialog.tsx'
import { useDecideBase } from './use-decide-base.ts'

export type BaseDecision = 'approve' | 'reject' | 'rollback'

/** Asks why before a decision about a base is sent, and says what it does. */
export function DecideBaseDialog({
  decision,
  row,
  onClose,
}: {
  decision: BaseDecision
  row: BaseModelRow
  onClose: () => void
}) {
  const decide = useDecideBase(row)
  const { version, parent } = row
  const words = {
    approve: {
      title: `Approve ${version}?`,
      description: `Every workload goes over from ${parent} to ${version} at its next turn. It can be rolled back.`,
      action: `Approve ${version}`,
    },
    reject: {
      title: `Reject ${version}?`,
      description: 'Forecasts stay as they are.',
      action: `Reject ${version}`,
    },
    rollback: {
      title: `Roll back to ${parent}?`,
      description: `Every workload goes back from ${version} to ${parent} at its next turn. Past forecasts stay as they were.`,
      action: `Roll back to ${parent}`,
    },
  }[decision]
  return (
    <ReasonDialog
      {...words}
      variant={decision === 'approve' ? 'primary' : 'danger'}
      busy={decide.busy}
      onSend={decide[decision]}
      onOpenChange={onClose}
    />
  )
}
