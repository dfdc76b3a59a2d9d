'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { BatchResult, DecideBatchInput, ProposalRow } from '../../server/governance/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { ReasonDialog } from '../decide/reason-dialog.tsx'
import { useDecisionRefresh } from '../decide/use-decision-refresh.ts'
import { RowChange, RowPlace } from '../plan/row-change.tsx'
import { Button } from '../ui/button.tsx'
import { formatCount, formatMoney } from '../ui/format.ts'
import { useKeys } from '../ui/keys.ts'
import { BatchResults } from './batch-results.tsx'
import type { Selection } from './use-selection.ts'

type Verdict = DecideBatchInput['verdict']
const verbs: Record<Verdict, string> = { approve: 'Approve', reject: 'Reject' }

/** What can be done with the rows that are selected: one reason, one decision each. Nothing while none is. */
export function BatchBar({ selection }: { selection: Selection }) {
  const trpc = useTRPC()
  const refresh = useDecisionRefresh()
  const [deciding, setDeciding] = useState<{ verdict: Verdict; rows: ProposalRow[] } | null>(null)
  const [results, setResults] = useState<{ verdict: Verdict; list: BatchResult[] } | null>(null)
  const decide = useMutation(trpc.proposal.decideBatch.mutationOptions({ onSettled: refresh }))
  const { selected } = selection
  const start = (verdict: Verdict) => setDeciding({ verdict, rows: selected })
  useKeys(
    { a: () => start('approve'), r: () => start('reject'), Escape: selection.clear },
    { enabled: selected.length > 0 },
  )
  const send = async (reason: string) => {
    if (!deciding) return
    const { verdict, rows } = deciding
    const list = await decide.mutateAsync({
      verdict,
      reason,
      proposals: rows.map(({ id, revision, contentHash }) => ({ proposalId: id, revision, contentHash })),
    })
    selection.clear()
    if (list.every(({ complete }) => complete))
      toast.success(
        `${formatCount(list.length, 'proposal')} ${verdict === 'approve' ? 'approved' : 'rejected'}`,
      )
    else setResults({ verdict, list })
  }
  return (
    <>
      {selected.length > 0 ? (
        <section
          aria-label="Selected proposals"
          className="flex shrink-0 flex-wrap items-center gap-2 border-t bg-selected px-3 py-2"
        >
          <span className="mr-auto" aria-live="polite">
            <span className="num">{selected.length}</span> selected
          </span>
          <Button size="sm" variant="primary" shortcut="A" onClick={() => start('approve')}>
            Approve
          </Button>
          <Button size="sm" shortcut="R" onClick={() => start('reject')}>
            Reject
          </Button>
          <Button size="sm" variant="quiet" shortcut="Esc" onClick={selection.clear}>
            Clear
          </Button>
        </section>
      ) : null}
      {deciding ? (
        <ReasonDialog
          title={`${verbs[deciding.verdict]} ${formatCount(deciding.rows.length, 'proposal')}?`}
          description="One reason for all. Each is decided on its own, bound to what stood in its row when you selected it."
          action={`${verbs[deciding.verdict]} ${deciding.rows.length}`}
          variant={deciding.verdict === 'approve' ? 'primary' : 'danger'}
          busy={decide.isPending}
          onSend={send}
          onOpenChange={() => setDeciding(null)}
        >
          <SelectedRows rows={deciding.rows} approving={deciding.verdict === 'approve'} />
        </ReasonDialog>
      ) : null}
      {results ? <BatchResults {...results} onClose={() => setResults(null)} /> : null}
    </>
  )
}

/** What is decided on, so that nobody decides on a number alone. */
function SelectedRows({ rows, approving }: { rows: readonly ProposalRow[]; approving: boolean }) {
  const perHour = rows.reduce((sum, { costChangePerHourUsd }) => sum + costChangePerHourUsd, 0)
  return (
    <div>
      <ul className="max-h-48 overflow-y-auto border-y">
        {rows.map((row) => (
          <li key={row.id} className="flex min-h-8 items-baseline gap-3 border-b py-1 last:border-b-0">
            <span className="num text-muted">#{row.number}</span>
            <span className="min-w-0 flex-1 break-words">
              {row.workload.name} <RowPlace row={row} className="text-muted text-xs" />
            </span>
            <RowChange row={row} />
            <span className="num w-20 text-right">
              {formatMoney(row.costChangePerHourUsd, { per: 'h', signed: true })}
            </span>
          </li>
        ))}
      </ul>
      {approving ? (
        <p className="mt-2 text-muted">
          Together <span className="num">{formatMoney(perHour, { per: 'h', signed: true })}</span>, if all go
          through.
        </p>
      ) : null}
    </div>
  )
}
