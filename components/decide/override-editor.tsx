'use client'
import { useState } from 'react'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input, Textarea } from '../ui/field.tsx'
import { formatChange } from '../ui/format.ts'
import { Notice } from '../ui/states.tsx'
import { OverrideComparison } from './override-comparison.tsx'
import type { Decide } from './use-decide.ts'
import type { OverrideState } from './use-override.ts'
import { WhatIsSent } from './what-is-sent.tsx'

type OverrideEditorProps = {
  proposal: ProposalDetail
  decide: Decide
  override: OverrideState
  onClose: () => void
}

/** Changing the number: cost, risk and policy are recomputed before it can be sent. Escape leaves. */
export function OverrideEditor({ proposal, decide, override, onClose }: OverrideEditorProps) {
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const { preview, last, toReplicas } = override
  const missing = reason.trim().length < 3
  const forbidden = preview !== null && !preview.content.allowed
  const unchanged = toReplicas === proposal.toReplicas
  const from = proposal.fromReplicas
  const send = async () => {
    setAsked(true)
    if (!preview || forbidden || missing || unchanged || toReplicas === null || decide.busy) return
    const sent = await decide.override(toReplicas, preview.contentHash, reason.trim()).catch(() => null)
    if (sent) onClose()
  }
  return (
    <form
      aria-label="Override"
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <div className="grid gap-x-8 gap-y-3 lg:grid-cols-[200px_1fr]">
        <Field
          label="Replicas"
          error={override.problem}
          hint={
            unchanged
              ? 'The proposed number; change it to override.'
              : `Proposed ${proposal.toReplicas}, now ${from}`
          }
        >
          {(ids) => (
            <Input
              {...ids}
              type="number"
              inputMode="numeric"
              min={0}
              max={100_000}
              autoFocus
              value={override.text}
              onFocus={(event) => event.target.select()}
              onChange={(event) => override.setText(event.target.value)}
            />
          )}
        </Field>
        <OverrideComparison proposed={proposal.content} preview={last?.content} pending={preview === null} />
      </div>
      {override.failure ? (
        <Notice tone="breach" title="It could not be recomputed, so it cannot be sent">
          {override.failure}
        </Notice>
      ) : null}
      {forbidden ? (
        <Notice tone="breach" title={`Policy forbids ${from} → ${toReplicas}`}>
          <ul>
            {preview.content.policyResults
              .filter((result) => !result.passed)
              .map((result) => (
                <li key={result.rule}>{result.message}</li>
              ))}
          </ul>
        </Notice>
      ) : null}
      <Field label="Why" error={asked && missing ? 'Say why in at least three characters.' : null}>
        {(ids) => (
          <Textarea
            {...ids}
            value={reason}
            maxLength={2_000}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      {preview && !forbidden && !unchanged ? (
        <details>
          <summary className="w-fit text-muted hover:text-ink">What will be sent</summary>
          <div className="mt-2">
            <WhatIsSent
              proposalId={proposal.id}
              content={preview.content}
              contentHash={preview.contentHash}
            />
          </div>
        </details>
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Back to the proposal</Button>
        <Button
          type="submit"
          variant="primary"
          disabled={decide.busy || !preview || forbidden || unchanged || override.problem !== null}
        >
          {decide.busy
            ? 'Sending'
            : toReplicas === null || unchanged
              ? 'Override'
              : `Override: send ${formatChange(from, toReplicas)}`}
        </Button>
      </div>
    </form>
  )
}
