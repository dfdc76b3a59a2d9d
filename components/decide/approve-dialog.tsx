'use client'
import { useState } from 'react'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import { changeOf } from '../plan/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Textarea } from '../ui/field.tsx'
import type { Decide } from './use-decide.ts'
import { useWaiver, WaiverField } from './waiver.tsx'
import { WhatIsSent } from './what-is-sent.tsx'

type ApproveDialogProps = {
  proposal: ProposalDetail
  decide: Decide
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** The last look before something is sent. The deciding button has the focus: A, then Enter. */
export function ApproveDialog({ proposal, decide, open, onOpenChange }: ApproveDialogProps) {
  const [note, setNote] = useState('')
  const waiver = useWaiver(proposal.content)
  const change = changeOf(proposal.content.actions)
  const send = async () => {
    await decide.approve(note.trim(), waiver.sent).catch(() => undefined)
    onOpenChange(false)
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Approve ${change} for ${proposal.workload.name}?`}
      description="This is what will be sent, once, and only while all of it still holds."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Back</Button>
          <Button variant="primary" autoFocus disabled={decide.busy || !waiver.ready} onClick={send}>
            {decide.busy ? 'Sending' : `Approve ${change}`}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <WhatIsSent proposalId={proposal.id} content={proposal.content} contentHash={proposal.contentHash} />
        <WaiverField waiver={waiver} />
        <Field label="Note for the log (optional)">
          {(ids) => (
            <Textarea
              {...ids}
              value={note}
              maxLength={2_000}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  )
}
