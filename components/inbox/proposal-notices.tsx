'use client'
import { useMutation } from '@tanstack/react-query'
import Link from 'next/link'
import type { DecisionRow, ProposalDetail } from '../../server/governance/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { UndoNotice } from '../decide/undo-notice.tsx'
import type { Refusal } from '../decide/use-decide.ts'
import { useDecisionRefresh } from '../decide/use-decision-refresh.ts'
import { useMay } from '../frame/session.tsx'
import { EngineNotice } from '../policies/engine/engine-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Moment, RelativeTime } from '../ui/clock.tsx'
import { DecisionKindBadge, DispatchStateBadge } from '../ui/state-badge.tsx'
import { Notice } from '../ui/states.tsx'
import { formatClock } from '../ui/time.ts'
import { CounterNotice } from './counter-notice.tsx'
import { ReplacedNotice } from './replaced-notice.tsx'

/** What a person must know before reading on: refusals, what moved, and what was decided already. */
export function ProposalNotices({
  proposal,
  live,
  refusal,
  changed,
  onGoTo,
}: {
  /** As the person reads it, and as it is now. */
  proposal: ProposalDetail
  live: ProposalDetail
  onGoTo: (proposalId: string) => void
  refusal: Refusal | null
  /** The proposal moved on while the person was deciding. */
  changed: boolean
}) {
  const policy = proposal.content.evidence.policy.version
  const waits = proposal.state === 'waiting'
  return (
    <div className="flex flex-col gap-2 empty:hidden">
      {refusal ? (
        <Notice tone="breach" title={refusal.conflict ? 'Not sent: it was not as you saw it' : 'Not sent'}>
          {refusal.message}
        </Notice>
      ) : null}
      {live.successor ? (
        <ReplacedNotice proposal={proposal} successor={live.successor} onGoTo={onGoTo} />
      ) : changed ? (
        <Notice tone="wait" title="This proposal changed while you were deciding">
          What you send is refused. Go back to see it as it is now.
        </Notice>
      ) : null}
      {waits && proposal.snoozedUntil ? <Snoozed proposal={proposal} until={proposal.snoozedUntil} /> : null}
      {waits && proposal.voidReason ? (
        <Notice tone="wait" title="Back in the inbox">
          {proposal.voidReason}
        </Notice>
      ) : null}
      {waits ? <EngineNotice engine={proposal.engine} /> : null}
      {waits && proposal.policyVersionNow !== policy ? (
        <Notice tone="wait" title="The policy changed since this was proposed">
          Proposed under version {policy}, now in force: version {proposal.policyVersionNow}. An approval is
          void until it is planned anew.
        </Notice>
      ) : null}
      {waits || live.successor ? null : <Decided proposal={proposal} />}
      {proposal.undo ? <UndoNotice proposal={proposal} undo={proposal.undo} /> : null}
      {waits && proposal.counter ? (
        <CounterNotice counter={proposal.counter} newerAdvice={live.newerAdvice} />
      ) : null}
      {waits && proposal.overdueSince ? (
        <Notice tone="breach" title="Overdue">
          Its deadline passed <RelativeTime at={proposal.overdueSince} />. Nothing was changed, as is declared
          for it.
        </Notice>
      ) : null}
    </div>
  )
}

function Snoozed({ proposal, until }: { proposal: ProposalDetail; until: string }) {
  const trpc = useTRPC()
  const refresh = useDecisionRefresh()
  const mayDecide = useMay('proposal.decide')
  const wake = useMutation(trpc.proposal.snooze.mutationOptions({ onSettled: refresh }))
  return (
    <Notice
      tone="neutral"
      title="Snoozed"
      action={
        mayDecide ? (
          <Button
            size="sm"
            disabled={wake.isPending}
            onClick={() => wake.mutate({ proposalId: proposal.id, until: null })}
          >
            Bring it back
          </Button>
        ) : undefined
      }
    >
      Until <Moment at={until} format={formatClock} />, by {proposal.snoozedBy}. It comes back by itself.
    </Notice>
  )
}

function Decided({ proposal }: { proposal: ProposalDetail }) {
  const decision = [...proposal.decisions].sort((a, b) => b.number - a.number)[0]
  if (!decision) return null
  const { carriedOut } = proposal
  const tone =
    proposal.dispatchState === 'verified'
      ? 'verified'
      : carriedOut?.dead || proposal.dispatchState === 'failed' || proposal.dispatchState === 'void'
        ? 'breach'
        : 'neutral'
  return (
    <Notice
      tone={tone}
      title={sentenceOf(decision)}
      action={
        <Button asChild size="sm">
          <Link href={`/decisions/${decision.id}`}>Decision #{decision.number}</Link>
        </Button>
      }
    >
      <span className="flex flex-wrap items-center gap-2">
        <DecisionKindBadge kind={decision.kind} />
        {proposal.dispatchState ? (
          <DispatchStateBadge state={proposal.dispatchState} stopped={carriedOut?.dead} />
        ) : null}
        <RelativeTime at={decision.at} />
        {decision.reason ? <span>“{decision.reason}”</span> : null}
      </span>
      {/* While it can be undone, the notice of that says why it is not sent. */}
      {carriedOut?.note && proposal.undo === null ? <p className="pt-1">{carriedOut.note}</p> : null}
      {carriedOut?.dead ? (
        <p>
          Nobody carries it on until a person has it tried again or gives it up, on the page of the decision.
        </p>
      ) : null}
    </Notice>
  )
}

const verbs: Record<DecisionRow['kind'], string> = {
  approve: 'approved this',
  override: 'overrode this',
  reject: 'rejected this',
  expire: 'let this expire',
  supersede: 'replaced this',
  void: 'voided an approval of this',
  endorse: 'said yes to this',
  counter: 'put other numbers forward',
  undo: 'took the approval of this back',
  hold: 'let the deadline of this pass',
}

function sentenceOf(decision: DecisionRow): string {
  return `${decision.who} ${verbs[decision.kind]}`
}
