'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RulesView as View } from '../../../server/governance/contract.ts'
import type { Rule } from '../../../server/plan/contract.ts'
import { errorMessageOf } from '../../api/errors.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useRefresh } from '../../api/use-refresh.ts'
import { useMay } from '../../frame/session.tsx'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { EmptyState, Notice } from '../../ui/states.tsx'
import { DraftNotice } from '../draft-notice.tsx'
import { BudgetAlerts } from './budget-alerts.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { RuleEditor } from './rule-editor.tsx'
import { RuleHistory } from './rule-history.tsx'
import { RulesTable } from './rules-table.tsx'

/** The published rules and where they stand; an admin drafts changes, holds them against the past, and publishes. */
export function RulesView() {
  const trpc = useTRPC()
  const query = useQuery(trpc.rules.get.queryOptions())
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-6">
      <Loaded what="The rules" query={query}>
        {(view) => <Rules view={view} />}
      </Loaded>
    </div>
  )
}

type Open = { kind: 'rule'; rule: Rule | null } | { kind: 'publish' } | { kind: 'history' } | null

function Rules({ view }: { view: View }) {
  const trpc = useTRPC()
  const refresh = useRefresh('rules')
  const mayManage = useMay('policy.manage')
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const save = useMutation(trpc.rules.saveDraft.mutationOptions({ onSettled: refresh, onSuccess: close }))
  const rules = view.draft?.rules ?? view.rules
  const send = (next: Rule[]) => save.mutate({ rules: next, basedOnDraft: view.draftNumber })
  const put = (before: Rule | null, rule: Rule) =>
    send(before ? rules.map((one) => (one.name === before.name ? rule : one)) : [...rules, rule])
  const edit = (rule: Rule | null) => {
    save.reset()
    setOpen({ kind: 'rule', rule })
  }
  const failure = save.error ? errorMessageOf(save.error) : null
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <p className="text-muted">
          {view.version === 0
            ? 'No rules are published yet.'
            : `Version ${view.version} is in force: ${formatCount(view.rules.length, 'rule')}.`}
        </p>
        <span className="ml-auto flex flex-wrap gap-2">
          <Button size="sm" onClick={() => setOpen({ kind: 'history' })}>
            History
          </Button>
          {mayManage ? (
            <Button size="sm" variant={view.draft ? 'outline' : 'primary'} onClick={() => edit(null)}>
              Add a rule
            </Button>
          ) : null}
        </span>
      </div>
      {view.draft ? (
        <DraftNotice
          title={`Draft ${view.draft.number}: ${formatCount(view.draft.differences.length, 'change')} that ${view.draft.differences.length === 1 ? 'is' : 'are'} not in force`}
          draft={view.draft}
          mayManage={mayManage}
          saving={save.isPending}
          onDiscard={() => send(view.rules)}
          publish="Back-test and publish"
          onPublish={() => setOpen({ kind: 'publish' })}
        />
      ) : null}
      {failure && open === null ? (
        <Notice tone="breach" title="The draft was not saved">
          {failure}
        </Notice>
      ) : null}
      <BudgetAlerts alerts={view.alerts} />
      {rules.length === 0 && !view.draft ? (
        <EmptyState title="No rules yet" className="px-0">
          Rules hold for many workloads at once: budgets, places, freezes, spot and carbon. Every plan is held
          against them when it is made, changed, approved and carried out.
        </EmptyState>
      ) : (
        <RulesTable
          view={view}
          onEdit={mayManage ? edit : null}
          onRemove={(rule) => send(rules.filter(({ name }) => name !== rule.name))}
        />
      )}
      {open?.kind === 'rule' ? (
        <RuleEditor
          rule={open.rule}
          taken={rules.flatMap(({ name }) => (name === open.rule?.name ? [] : [name]))}
          pending={save.isPending}
          error={failure}
          onSave={(rule) => put(open.rule, rule)}
          onClose={close}
        />
      ) : null}
      {open?.kind === 'publish' && view.draft ? (
        <PublishDialog draft={view.draft} version={view.version} onClose={close} />
      ) : null}
      {open?.kind === 'history' ? <RuleHistory onClose={close} /> : null}
    </div>
  )
}
