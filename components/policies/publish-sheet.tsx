'use client'
import { type ReactNode, useState } from 'react'
import { errorMessageOf } from '../api/errors.ts'
import { Section } from '../ui/facts.tsx'
import { Field, Textarea } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'

type PublishSheetProps = {
  /** What is published, such as "the rules". */
  of: string
  version: number
  /** What becomes of approvals that were given under the version before. */
  description: string
  changes: ReactNode
  /** What the draft would have made of the past 30 days. */
  past: ReactNode
  publish: { isPending: boolean; error: Parameters<typeof errorMessageOf>[0] | null }
  /** Whether all is known that a person should see before. */
  ready: boolean
  onPublish: (reason: string) => void
  onClose: () => void
}

/** What a draft changes, what it would have done to the past 30 days, and why: then it is published. */
export function PublishSheet(props: PublishSheetProps) {
  const { of, version, publish, ready } = props
  const [reason, setReason] = useState('')
  const why = reason.trim()
  return (
    <FormDialog
      wide
      side="right"
      title={`Publish version ${version} of ${of}`}
      description={props.description}
      act={`Publish version ${version}`}
      acting="Publishing"
      pending={publish.isPending}
      ready={ready && why.length >= 3}
      failed="Not published"
      error={publish.error ? errorMessageOf(publish.error) : null}
      onSend={() => props.onPublish(why)}
      onClose={props.onClose}
    >
      <Section title="What changes">
        <div className="flex flex-col gap-2">{props.changes}</div>
      </Section>
      <Section title="Over the past 30 days">{props.past}</Section>
      <Field label="Why" hint="Kept in the log and shown in the history.">
        {(ids) => (
          <Textarea
            {...ids}
            maxLength={2_000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
