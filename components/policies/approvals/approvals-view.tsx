'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ApprovalPolicy, ApprovalsView as View } from '../../../server/governance/contract.ts'
import { errorMessageOf } from '../../api/errors.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useRefresh } from '../../api/use-refresh.ts'
import { useMay } from '../../frame/session.tsx'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { Notice } from '../../ui/states.tsx'
import { DraftNotice } from '../draft-notice.tsx'
import { ApprovalHistory } from './approval-history.tsx'
import { ApprovalPublish } from './approval-publish.tsx'
import { AutonomyTable } from './autonomy-table.tsx'
import { GlassReviews } from './glass-reviews.tsx'
import { RuleDialog } from './rule-dialog.tsx'
import { RuleSections } from './rule-sections.tsx'
import { type Draftable, put, remove } from './sections.ts'
import { SettingsDialog } from './settings-dialog.tsx'

/** Who has to say yes, what decides by itself, what happens at the deadline: in force, as drafted, and what was earned. */
export function ApprovalsView() {
  const trpc = useTRPC()
  const query = useQuery(trpc.approvals.get.queryOptions())
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-6 overflow-y-auto px-4 pb-6">
      <Loaded what="The rules of approval" query={query}>
        {(view) => <Approvals view={view} />}
      </Loaded>
      <AutonomyTable />
      <GlassReviews />
    </div>
  )
}

type Open = Draftable | { kind: 'settings' } | { kind: 'publish' } | { kind: 'history' } | null

function Approvals({ view }: { view: View }) {
  const trpc = useTRPC()
  const refresh = useRefresh('approvals')
  const mayManage = useMay('policy.manage')
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const save = useMutation(trpc.approvals.saveDraft.mutationOptions({ onSettled: refresh, onSuccess: close }))
  const policy = view.draft?.policy ?? view.policy
  const send = (next: ApprovalPolicy) => save.mutate({ policy: next, basedOnDraft: view.draftNumber })
  const failure = save.error ? errorMessageOf(save.error) : null
  const edit = (next: Open) => {
    save.reset()
    setOpen(next)
  }
  const count = policy.approvals.length + policy.automation.length + policy.failSafes.length
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <p className="text-muted">
          {view.version === 0
            ? 'Nothing is published yet: one approver decides, nothing is automatic, what nobody decides expires.'
            : `Version ${view.version} is in force: ${formatCount(count, 'rule')}. Of all that apply, the most conservative wins.`}
        </p>
        <Button size="sm" className="ml-auto" onClick={() => edit({ kind: 'history' })}>
          History
        </Button>
      </div>
      {view.draft ? (
        <DraftNotice
          title={`Draft ${view.draft.number}: ${formatCount(view.draft.differences.length, 'change')} not in force`}
          draft={view.draft}
          mayManage={mayManage}
          saving={save.isPending}
          onDiscard={() => send(view.policy)}
          publish="Preview and publish"
          onPublish={() => edit({ kind: 'publish' })}
        />
      ) : null}
      {failure && open === null ? (
        <Notice tone="breach" title="The draft was not saved">
          {failure}
        </Notice>
      ) : null}
      <RuleSections
        policy={policy}
        onEdit={mayManage ? edit : null}
        onRemove={(section, name) => send(remove(policy, section, name))}
      />
      {open !== null && 'section' in open ? (
        <RuleDialog
          {...open}
          groups={view.groups}
          pending={save.isPending}
          error={failure}
          onSave={(rule) => send(put(policy, open.section, open.name, rule))}
          onClose={close}
        />
      ) : null}
      {open !== null && 'kind' in open && open.kind === 'settings' ? (
        <SettingsDialog
          policy={policy}
          pending={save.isPending}
          error={failure}
          onSave={send}
          onClose={close}
        />
      ) : null}
      {open !== null && 'kind' in open && open.kind === 'publish' && view.draft ? (
        <ApprovalPublish draft={view.draft} version={view.version} onClose={close} />
      ) : null}
      {open !== null && 'kind' in open && open.kind === 'history' ? (
        <ApprovalHistory onClose={close} />
      ) : null}
    </div>
  )
}
