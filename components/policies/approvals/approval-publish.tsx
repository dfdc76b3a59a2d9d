'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { toast } from 'sonner'
import type { ApprovalDraftView, ApprovalPreview } from '../../../server/governance/contract.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useRefresh } from '../../api/use-refresh.ts'
import { Badge } from '../../ui/badge.tsx'
import { formatCount } from '../../ui/format.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { PublishSheet } from '../publish-sheet.tsx'
import { Differences } from './approval-history.tsx'

/** Publishes a draft of the rules of approval, with the past proposals that it would have asked for otherwise. */
export function ApprovalPublish({
  draft,
  version,
  onClose,
}: {
  draft: ApprovalDraftView
  version: number
  onClose: () => void
}) {
  const trpc = useTRPC()
  const refresh = useRefresh('approvals', 'autonomy', 'proposal')
  const preview = useQuery(
    trpc.approvals.preview.queryOptions({ policy: draft.policy }, { staleTime: 60_000 }),
  )
  const publish = useMutation(
    trpc.approvals.publish.mutationOptions({
      onSuccess: async (done) => {
        toast(`Version ${done.version} of the rules of approval is in force`)
        await refresh()
        onClose()
      },
    }),
  )
  return (
    <PublishSheet
      of="the rules of approval"
      version={version + 1}
      description="What was approved stays approved where those who approved it are enough by the new rules; the rest is void and says so."
      changes={<Differences differences={draft.differences} />}
      past={
        <Loaded what="The preview" query={preview} rows={3}>
          {(result) => <Preview result={result} />}
        </Loaded>
      }
      publish={publish}
      ready={!preview.isPending}
      onPublish={(reason) => publish.mutate({ draftNumber: draft.number, basedOnVersion: version, reason })}
      onClose={onClose}
    />
  )
}

function Preview({ result }: { result: ApprovalPreview }) {
  const { checked, left, changed, notEnough, rows } = result
  return (
    <>
      <p className="mb-1 text-muted">
        {changed === 0
          ? `None of ${formatCount(checked, 'proposal')} would have been asked for otherwise.`
          : `${changed} of ${formatCount(checked, 'proposal')} would have been asked for otherwise; ${notEnough} that were approved would have needed somebody else as well.`}
        {left > 0 ? ` ${left} older ones were not looked at.` : ''}
      </p>
      <ul aria-label="Proposals that change" className="border-t">
        {rows.map((row) => (
          <li key={row.proposalId} className="border-b py-1.5 last:border-b-0">
            <Link href={`/inbox?proposal=${row.proposalId}`} className="underline underline-offset-2">
              <span className="num">#{row.number}</span> {row.summary}
            </Link>
            {row.enough === false ? (
              <Badge tone="wait" className="ml-2">
                not enough
              </Badge>
            ) : null}
            <span className="block text-muted text-xs">
              {row.now} → {row.would}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
