'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PolicyEngineView } from '../../../server/governance/contract.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useRefresh } from '../../api/use-refresh.ts'
import { ReasonDialog } from '../../decide/reason-dialog.tsx'
import { useMay } from '../../frame/session.tsx'
import { ManageConnected, TrialOutcome } from '../../plugin/try-once.tsx'
import { Button } from '../../ui/button.tsx'
import { Moment } from '../../ui/clock.tsx'
import { type Fact, Facts, Section, Words } from '../../ui/facts.tsx'
import { formatNumber } from '../../ui/format.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { EngineDialog } from './engine-dialog.tsx'
import { EngineTrial } from './engine-trial.tsx'
import { EngineVerdicts } from './engine-verdicts.tsx'
import { enforcementHints } from './words.ts'

/** The policy engine of the operator's own: where it is, what it said lately, and what an admin can do about it. */
export function EngineView() {
  const trpc = useTRPC()
  const query = useQuery(trpc.policyEngine.get.queryOptions())
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-6">
      <Loaded what="The policy engine" query={query}>
        {(view) => <Engine view={view} />}
      </Loaded>
    </div>
  )
}

function Engine({ view }: { view: PolicyEngineView }) {
  const trpc = useTRPC()
  const mayManage = useMay('policy.manage')
  const refresh = useRefresh('policyEngine', 'proposal')
  const [open, setOpen] = useState<'set' | 'remove' | null>(null)
  const trial = useMutation(trpc.policyEngine.test.mutationOptions())
  const remove = useMutation(trpc.policyEngine.remove.mutationOptions({ onSuccess: refresh }))
  const { engine } = view
  return (
    <div className="flex max-w-5xl flex-col gap-4">
      {engine === null ? (
        <EmptyState
          title="No policy engine"
          className="px-0"
          action={mayManage ? <Button onClick={() => setOpen('set')}>Connect a policy engine</Button> : null}
        >
          An engine of your own, such as Open Policy Agent, can be asked beside the rules before anything is
          approved or carried out.{mayManage ? '' : ' An admin connects it.'}
        </EmptyState>
      ) : (
        <Section title="Policy engine">
          <div className="flex flex-col gap-3">
            <p className="text-muted">
              Nothing is approved or carried out without its yes. When it does not answer, nothing passes.
            </p>
            <Facts facts={factsOf(view, engine)} className="border-t" />
            {mayManage ? (
              <ManageConnected
                pending={trial.isPending}
                onTry={() => trial.mutate({})}
                onChange={() => setOpen('set')}
                onRemove={() => setOpen('remove')}
              />
            ) : null}
            <TrialOutcome trial={trial}>{(answer) => <EngineTrial trial={answer} />}</TrialOutcome>
          </div>
        </Section>
      )}
      {engine !== null ? (
        <Section title="What it said lately">
          {view.recent.length === 0 ? (
            <p className="border-t py-2 text-muted">It was not asked yet.</p>
          ) : (
            <div className="border-t">
              <EngineVerdicts verdicts={view.recent} linked />
            </div>
          )}
        </Section>
      ) : null}
      {open === 'set' ? <EngineDialog view={view} onClose={() => setOpen(null)} /> : null}
      {open === 'remove' ? (
        <ReasonDialog
          title="Remove the policy engine?"
          description="From then on plans pass without its yes; its token is deleted. What it said stays with the decisions and in the log."
          action="Remove the policy engine"
          busy={remove.isPending}
          onSend={(reason) => remove.mutateAsync({ reason, basedOn: view.version })}
          onOpenChange={() => setOpen(null)}
        />
      ) : null}
    </div>
  )
}

function factsOf(
  { version, updatedAt }: PolicyEngineView,
  engine: NonNullable<PolicyEngineView['engine']>,
): Fact[] {
  return [
    { term: 'address', value: <span className="break-all">{engine.url}</span> },
    { term: 'token', value: <Words>{engine.hasToken ? 'kept, never shown' : 'none'}</Words> },
    { term: 'answers within', value: `${formatNumber(engine.timeoutMs)}\u202fms`, note: 'or nothing passes' },
    {
      term: 'what it denies',
      value: <Words>{engine.enforcement}</Words>,
      note: enforcementHints[engine.enforcement],
    },
    {
      term: 'version',
      value: version,
      note: 'What it said under an earlier one counts no more.',
    },
    ...(updatedAt === null ? [] : [{ term: 'since', value: <Moment at={updatedAt} /> }]),
  ]
}
