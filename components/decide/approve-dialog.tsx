'use client'
import { useState } from 'react'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import { rehearsalWarning } from '../plan/rehearsal.tsx'
import { changeOf } from '../plan/words.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Textarea } from '../ui/field.tsx'
import type { Decide } from './use-decide.ts'
import { useWaiver, WaiverField } from './waiver.tsx'
import { WhatIsSent } from './what-is-sent.tsx'
import { atOnce, inTimeUntil, windowOf } from './window-choice.ts'
import { WindowField } from './window-field.tsx'

type ApproveDialogProps = {
  proposal: ProposalDetail
  decide: Decide
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** The last look before something is sent. The deciding button has the focus: A, then Enter. */
export function ApproveDialog({ proposal, decide, open, onOpenChange }: ApproveDialogProps) {
  const [note, setNote] = useState('')
  const [when, setWhen] = useState(atOnce)
  const run = windowOf(when)
  const waiver = useWaiver(proposal.content, proposal.engine, true)
  // With it the yeses may still not be complete.
  const still = stillMissing(proposal)
  const warning = rehearsalWarning(proposal.rehearsal)
  const change = changeOf(proposal.content.actions)
  const send = async () => {
    if (!run) return
    await decide
      .approve({ note: note.trim(), waiver: waiver.sent, window: run.window })
      .catch(() => undefined)
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
          <Button variant="primary" autoFocus disabled={decide.busy || !waiver.ready || !run} onClick={send}>
            {decide.busy ? 'Sending' : `Approve ${change}${run?.window ? ' in the window' : ''}`}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <WhatIsSent proposalId={proposal.id} content={proposal.content} contentHash={proposal.contentHash} />
        {proposal.newerAdvice ? (
          <p className="text-breach">Made against older advice. {proposal.newerAdvice}</p>
        ) : null}
        {warning ? <p className="text-wait">{warning}</p> : null}
        {still ? <p className="text-wait">{still}</p> : null}
        <WindowField
          value={when}
          latest={Date.parse(proposal.expiresAt)}
          inTimeUntil={inTimeUntil(proposal.content)}
          onChange={setWhen}
        />
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

/** What the rules of approval ask for beyond one more yes, in words; null where this one may be the last. */
function stillMissing({ approval }: ProposalDetail): string | null {
  if (approval.breakGlass) return null
  const open = approval.clauses.filter(({ approvers, have }) => approvers - have > 1)
  return open.length === 0
    ? null
    : `More than one yes is missing: ${open.map(({ missing }) => missing).join('; ')}. Yours is kept, and it goes on waiting.`
}
