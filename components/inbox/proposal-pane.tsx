'use client'
import { useQuery } from '@tanstack/react-query'
import { type Ref, useRef, useState } from 'react'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { ActionBar, canRollBack, type Deciding } from '../decide/action-bar.tsx'
import { ApproveDialog } from '../decide/approve-dialog.tsx'
import { OverrideEditor } from '../decide/override-editor.tsx'
import { ReasonDialog } from '../decide/reason-dialog.tsx'
import { RollbackDialog } from '../decide/rollback-dialog.tsx'
import { SnoozeDialog } from '../decide/snooze-dialog.tsx'
import { useDecide } from '../decide/use-decide.ts'
import { type Carried, useOverride } from '../decide/use-override.ts'
import { useMay } from '../frame/session.tsx'
import { useKeys } from '../ui/keys.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { ErrorState } from '../ui/states.tsx'
import { ProposalBody } from './proposal-body.tsx'
import { ProposalHead } from './proposal-head.tsx'
import { ProposalNotices } from './proposal-notices.tsx'
import { Pulse } from './pulse.tsx'

type PaneProps = {
  titleRef: Ref<HTMLHeadingElement>
  onBack: () => void
  onGoTo: (proposalId: string) => void
  /** Whether the keys decide on this proposal, and not on several that are selected. */
  keys: boolean
}

/** One proposal, all of it, and what can be done with it. */
export function ProposalPane({ id, ...rest }: PaneProps & { id: string }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.proposal.get.queryOptions({ id }))
  const [carried, setCarried] = useState<Carried | null>(null)
  const onCarry = (next: Carried) => {
    setCarried(next)
    rest.onGoTo(next.to)
  }
  if (query.data)
    return (
      <Loaded
        key={id}
        live={query.data}
        carried={carried?.to === id ? carried : null}
        {...rest}
        onCarry={onCarry}
      />
    )
  if (query.error) {
    return (
      <ErrorState
        what="The proposal"
        error={{ message: errorMessageOf(query.error) }}
        onRetry={() => void query.refetch()}
      />
    )
  }
  return <PaneSkeleton />
}

/** While a person decides, what they look at is held still; what is sent is bound to exactly that. */
function Loaded({
  live,
  titleRef,
  keys,
  onBack,
  onGoTo,
  carried,
  onCarry,
}: PaneProps & { live: ProposalDetail; carried: Carried | null; onCarry: (carried: Carried) => void }) {
  const [held, setHeld] = useState<{
    deciding: Deciding
    proposal: ProposalDetail
    start: number | null
  } | null>(() => (carried ? { deciding: 'override', proposal: live, start: null } : null))
  const pane = useRef<HTMLElement>(null)
  const mayDecide = useMay('proposal.decide')
  const proposal = held?.proposal ?? live
  const decide = useDecide(proposal, (next) => onGoTo(next.id))
  const start = (deciding: Deciding, replicas: number | null = null) =>
    setHeld({ deciding, proposal: live, start: replicas })
  const stop = () => setHeld(null)
  // The form took the foot of the pane away, and with it the button that the keyboard stood on.
  const leaveForm = () => {
    stop()
    requestAnimationFrame(() => {
      const at = (selector: string) => pane.current?.querySelector<HTMLElement>(selector)
      const back = at('[aria-keyshortcuts="o"]') ?? at('h2')
      back?.focus()
    })
  }
  const waits = mayDecide && live.state === 'waiting' && held === null
  const bindings = {
    ...(waits && live.content.allowed && live.approval.notYou === null ? { a: () => start('approve') } : {}),
    ...(waits ? { o: () => start('override'), r: () => start('reject'), s: () => start('snooze') } : {}),
    ...(mayDecide && held === null && canRollBack(live) ? { r: () => start('rollback') } : {}),
  }
  useKeys(bindings, { enabled: keys })
  const notices = (
    <ProposalNotices
      {...{ proposal, live, onGoTo }}
      refusal={decide.refusal}
      changed={held !== null && (live.revision !== proposal.revision || live.state !== proposal.state)}
    />
  )
  const overriding = held?.deciding === 'override'
  return (
    <article ref={pane} aria-label={`Proposal ${proposal.number}`} className="flex h-full min-h-0 flex-col">
      <ProposalHead proposal={proposal} titleRef={titleRef} onBack={onBack} />
      {overriding ? (
        <Overriding
          {...{ proposal, decide, notices, carried, onCarry }}
          successor={live.successor?.state === 'waiting' ? live.successor : null}
          start={held.start}
          onClose={leaveForm}
        />
      ) : (
        <>
          <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto px-4 py-3 [&>*]:shrink-0 @container">
            {notices}
            <ProposalBody
              proposal={proposal}
              chartContent={proposal.content}
              onTry={waits ? (replicas) => start('override', replicas) : undefined}
            />
          </div>
          {decide.decided && !decide.busy && held === null ? (
            <div className="shrink-0 border-t px-4 py-2">
              <Pulse decisionId={decide.decided} />
            </div>
          ) : null}
          <footer className="flex flex-wrap items-center gap-2 border-t px-4 py-2">
            <ActionBar proposal={proposal} mayDecide={mayDecide} onStart={start} />
          </footer>
        </>
      )}
      {held?.deciding === 'approve' ? (
        <ApproveDialog proposal={proposal} decide={decide} open onOpenChange={stop} />
      ) : null}
      {held?.deciding === 'snooze' ? <SnoozeDialog proposal={proposal} onOpenChange={stop} /> : null}
      {held?.deciding === 'reject' ? (
        <ReasonDialog
          title={`Reject #${proposal.number} for ${proposal.workload.name}?`}
          description="Nothing is sent. The capacity stays as it is."
          action="Reject"
          busy={decide.busy}
          onSend={decide.reject}
          onOpenChange={stop}
        />
      ) : null}
      {held?.deciding === 'rollback' ? (
        <RollbackDialog proposal={proposal} busy={decide.busy} onSend={decide.rollback} onOpenChange={stop} />
      ) : null}
    </article>
  )
}

function Overriding({
  proposal,
  decide,
  notices,
  start,
  onClose,
  successor,
  carried,
  onCarry,
}: {
  proposal: ProposalDetail
  decide: ReturnType<typeof useDecide>
  notices: React.ReactNode
  start: number | null
  onClose: () => void
  successor: { id: string; number: number } | null
  carried: Carried | null
  onCarry: (carried: Carried) => void
}) {
  const override = useOverride(proposal, start, carried)
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto px-4 py-3 [&>*]:shrink-0 @container">
      {notices}
      <OverrideEditor {...{ proposal, decide, override, onClose, successor, carried, onCarry }} />
      <ProposalBody
        proposal={proposal}
        chartContent={override.last?.content ?? proposal.content}
        planWord="your override"
      />
    </div>
  )
}

function PaneSkeleton() {
  return (
    <div role="status" aria-label="Loading the proposal" className="flex flex-col gap-5 px-4 py-3">
      <Skeleton className="h-9 w-2/3" />
      <Skeleton className="h-[300px] w-full" />
      <div className="grid gap-8 md:grid-cols-3">
        <Skeleton className="h-44" />
        <Skeleton className="h-44" />
        <Skeleton className="h-44" />
      </div>
    </div>
  )
}
