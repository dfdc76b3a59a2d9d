'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { RuleDraftView } from '../../../server/governance/contract.ts'
import { errorMessageOf } from '../../api/errors.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useRefresh } from '../../api/use-refresh.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Section } from '../../ui/facts.tsx'
import { Field, Textarea } from '../../ui/field.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Notice } from '../../ui/states.tsx'
import { BackTestResult } from './back-test-result.tsx'
import { RuleDifferences } from './rule-differences.tsx'

/** What the draft changes, what it would have done to the past 30 days, and why: then it is published. */
export function PublishDialog({
  draft,
  version,
  onClose,
}: {
  draft: RuleDraftView
  version: number
  onClose: () => void
}) {
  const trpc = useTRPC()
  const refresh = useRefresh('rules', 'proposal', 'policy')
  const [reason, setReason] = useState('')
  const test = useQuery(trpc.rules.backTest.queryOptions({ rules: draft.rules }, { staleTime: 60_000 }))
  const publish = useMutation(
    trpc.rules.publish.mutationOptions({
      onSuccess: async (done) => {
        toast(`Version ${done.version} of the rules is in force`)
        await refresh()
        onClose()
      },
    }),
  )
  const send = () =>
    publish.mutate({ draftNumber: draft.number, basedOnVersion: version, reason: reason.trim() })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      side="right"
      wide
      title={`Publish version ${version + 1} of the rules`}
      description="Approvals that have not been carried out and that the new rules judge otherwise become void; the rest stands."
      footer={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button
            variant="primary"
            disabled={reason.trim().length < 3 || publish.isPending || test.isPending}
            onClick={send}
          >
            {publish.isPending ? 'Publishing' : `Publish version ${version + 1}`}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {publish.error ? (
          <Notice tone="breach" title="Not published">
            {errorMessageOf(publish.error)}
          </Notice>
        ) : null}
        <Section title="What changes">
          <RuleDifferences differences={draft.differences} />
        </Section>
        <Section title="Over the past 30 days">
          <Loaded what="The back-test" query={test} rows={5}>
            {(result) => <BackTestResult result={result} />}
          </Loaded>
        </Section>
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
      </div>
    </Dialog>
  )
}
