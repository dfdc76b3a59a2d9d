'use client'
import { useMutation, useQueries, useQuery } from '@tanstack/react-query'
import { toast } from 'sonner'
import type { RuleDraftView } from '../../../server/governance/contract.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useRefresh } from '../../api/use-refresh.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { Notice } from '../../ui/states.tsx'
import { PublishSheet } from '../publish-sheet.tsx'
import { BackTestResult } from './back-test-result.tsx'
import { RuleDifferences } from './rule-differences.tsx'

/** Publishes a draft of the rules, once its back-test is seen and every test of its written rules holds. */
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
  const test = useQuery(trpc.rules.backTest.queryOptions({ rules: draft.rules }, { staleTime: 60_000 }))
  const written = draft.rules.flatMap((rule) => (rule.kind === 'written' ? rule : []))
  const checks = useQueries({
    queries: written.map(({ text, tests }) => trpc.rules.checkWritten.queryOptions({ text, tests })),
  })
  const failing = checks.flatMap(({ data }, i) =>
    (data?.tests ?? []).flatMap(({ name, passed, why }) =>
      passed ? [] : `${written[i]?.name}: ${name} (${why})`,
    ),
  )
  const publish = useMutation(
    trpc.rules.publish.mutationOptions({
      onSuccess: async (done) => {
        toast(`Version ${done.version} of the rules is in force`)
        await refresh()
        onClose()
      },
    }),
  )
  return (
    <PublishSheet
      of="the rules"
      version={version + 1}
      description="Approvals that have not been carried out and that the new rules judge otherwise become void; the rest stands."
      changes={
        <>
          {failing.length > 0 ? (
            <Notice tone="breach" title="A test of a written rule does not hold, so it cannot be published">
              <ul>
                {failing.map((words) => (
                  <li key={words}>{words}</li>
                ))}
              </ul>
            </Notice>
          ) : null}
          <RuleDifferences differences={draft.differences} />
        </>
      }
      past={
        <Loaded what="The back-test" query={test} rows={5}>
          {(result) => <BackTestResult result={result} />}
        </Loaded>
      }
      publish={publish}
      ready={!test.isPending && failing.length === 0 && checks.every(({ isPending }) => !isPending)}
      onPublish={(reason) => publish.mutate({ draftNumber: draft.number, basedOnVersion: version, reason })}
      onClose={onClose}
    />
  )
}
