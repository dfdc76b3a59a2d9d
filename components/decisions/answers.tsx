import type { DispatchView, ReceiptView } from '../../server/dispatch/contract.ts'
import type { DecisionKindName } from '../../server/governance/contract.ts'
import type { PlanContent } from '../../server/plan/contract.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { Moment } from '../ui/clock.tsx'
import { Facts } from '../ui/facts.tsx'
import { formatCount } from '../ui/format.ts'
import { ScrollAcross } from '../ui/scroll-across.tsx'
import { EmptyState } from '../ui/states.tsx'
import { formatClockSeconds } from '../ui/time.ts'
import { ActionProgress } from './action-progress.tsx'

/** Every request to the target with its answer, in order. */
export function Answers({
  dispatch,
  kind,
  sent,
}: {
  dispatch: DispatchView | null
  kind: DecisionKindName
  sent: PlanContent | null
}) {
  if (!dispatch) {
    const approved = kind === 'approve' || kind === 'override'
    return approved ? (
      <EmptyState title="Not sent yet" className="px-0">
        A worker takes it up within seconds. Requests and answers appear here by themselves.
      </EmptyState>
    ) : (
      <p className="text-muted">Nothing was sent: only an approval or an override reaches a target.</p>
    )
  }
  return (
    <div className="flex flex-col gap-3">
      <Facts
        className="max-w-md"
        facts={[
          {
            term: 'taken up',
            value: <Moment at={dispatch.createdAt} />,
            note: `looked after ${formatCount(dispatch.attempts, 'time')}, waiting included`,
          },
          { term: 'applied', value: dispatch.appliedAt ? <Moment at={dispatch.appliedAt} /> : 'not yet' },
          { term: 'verified', value: dispatch.verifiedAt ? <Moment at={dispatch.verifiedAt} /> : 'not yet' },
        ]}
      />
      {sent && dispatch.actions.length > 1 ? <ActionProgress dispatch={dispatch} content={sent} /> : null}
      <ol className="border-t">
        {dispatch.receipts.map((receipt) => (
          <Receipt key={receipt.id} receipt={receipt} />
        ))}
      </ol>
    </div>
  )
}

const tones: Record<string, Tone> = {
  applied: 'verified',
  accepted: 'verified',
  seen: 'verified',
  verified: 'verified',
  refused: 'breach',
  conflict: 'breach',
  failed: 'breach',
  unknown: 'wait',
  retryable: 'wait',
}

function Receipt({ receipt }: { receipt: ReceiptView }) {
  return (
    <li className="border-b">
      <details>
        <summary className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 py-1 hover:bg-hover pointer-coarse:min-h-10">
          <Moment at={receipt.at} format={formatClockSeconds} className="text-muted" />
          <span className="w-20 font-medium">{receipt.step}</span>
          <Badge tone={tones[receipt.outcome] ?? 'neutral'}>{receipt.outcome}</Badge>
        </summary>
        <div className="grid gap-3 pb-3 md:grid-cols-2">
          <Raw title="Request" value={receipt.request} />
          <Raw title="Answer" value={receipt.response} />
        </div>
      </details>
    </li>
  )
}

function Raw({ title, value }: { title: string; value: unknown }) {
  return (
    <div className="min-w-0">
      <h3 className="eyebrow mb-1">{title}</h3>
      <ScrollAcross label={title} className="rounded-md border bg-sunken">
        <pre className="num p-3 text-xs">{JSON.stringify(value, null, 2)}</pre>
      </ScrollAcross>
    </div>
  )
}
