'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ProposalRow } from '../../server/governance/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { Button } from '../ui/button.tsx'
import { useNow, useZone } from '../ui/clock.tsx'
import { DateTimeInput } from '../ui/date-time-input.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { formatClock, formatDayClock, formatDuration } from '../ui/time.ts'
import { snoozeChoices } from './snooze-choices.ts'
import { useDecisionRefresh } from './use-decision-refresh.ts'

/** Puts a proposal off until a time before its deadline; it comes back by itself. The first choice has the focus. */
export function SnoozeDialog({
  proposal,
  onOpenChange,
}: {
  proposal: Pick<ProposalRow, 'id' | 'number' | 'actBy' | 'workload'>
  onOpenChange: (open: boolean) => void
}) {
  const trpc = useTRPC()
  const refresh = useDecisionRefresh()
  const { zone } = useZone()
  const now = useNow()
  const [opened] = useState(now)
  const [own, setOwn] = useState<number | null>(null)
  const actBy = Date.parse(proposal.actBy)
  const snooze = useMutation(
    trpc.proposal.snooze.mutationOptions({ onSuccess: () => onOpenChange(false), onSettled: refresh }),
  )
  const put = (at: number) => snooze.mutate({ proposalId: proposal.id, until: new Date(at).toISOString() })
  const choices = snoozeChoices(opened, actBy)
  const written = (at: number) =>
    at - opened > 72_000_000 ? formatDayClock(at, zone) : formatClock(at, zone)
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title={`Snooze #${proposal.number} for ${proposal.workload.name}?`}
      description={`It leaves the inbox for everybody and comes back by itself, at the latest when it must be acted on: ${formatDayClock(actBy, zone)}.`}
      footer={<Button onClick={() => onOpenChange(false)}>Back</Button>}
    >
      <div className="flex flex-col gap-3">
        {choices.length === 0 ? (
          <p className="text-breach">
            Its time to act is over, or less than a minute away, so it cannot be put off any more.
          </p>
        ) : (
          <ul aria-label="Until when" className="flex flex-col gap-1">
            {choices.map(({ label, at }, i) => (
              <li key={label}>
                <Button
                  className="w-full justify-between"
                  autoFocus={i === 0}
                  disabled={snooze.isPending}
                  onClick={() => put(at)}
                >
                  <span>{label}</span>
                  <span className="num text-muted text-xs">
                    {written(at)} · {formatDuration((at - opened) / 1_000)}
                  </span>
                </Button>
              </li>
            ))}
          </ul>
        )}
        {choices.length > 0 ? (
          <div className="flex items-end gap-2">
            <Field label="Or until" className="flex-1">
              {(ids) => <DateTimeInput {...ids} value={own} min={opened} max={actBy} onChange={setOwn} />}
            </Field>
            <Button disabled={own === null || snooze.isPending} onClick={() => own !== null && put(own)}>
              Snooze
            </Button>
          </div>
        ) : null}
        {snooze.error ? (
          <p role="alert" className="text-breach">
            Not snoozed. {errorMessageOf(snooze.error)}
          </p>
        ) : null}
      </div>
    </Dialog>
  )
}
