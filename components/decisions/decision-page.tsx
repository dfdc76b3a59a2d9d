'use client'
import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { download } from '../charts/csv.ts'
import { useEnvironment } from '../frame/environment.ts'
import { DecisionWorth } from '../ledger/decision-worth.tsx'
import { TouchedAlso } from '../plan/touched-workloads.tsx'
import { EngineVerdicts } from '../policies/engine/engine-verdicts.tsx'
import { Button } from '../ui/button.tsx'
import { Moment } from '../ui/clock.tsx'
import { PageHead } from '../ui/facts.tsx'
import { Skeleton, SkeletonRows } from '../ui/skeleton.tsx'
import { DecisionKindBadge, DispatchStateBadge } from '../ui/state-badge.tsx'
import { ErrorState, Notice } from '../ui/states.tsx'
import { Answers } from './answers.tsx'
import { Approvals } from './approvals.tsx'
import { DeadLetterActions } from './dead-letter-actions.tsx'
import { DifferenceTable } from './difference-table.tsx'
import { LogEntries } from './log-entries.tsx'
import { Outcome } from './outcome.tsx'
import { Provenance } from './provenance.tsx'
import { Waived } from './waived.tsx'
import { WhatWasSeen } from './what-was-seen.tsx'

/** One decision, as an auditor reads it: what was seen, on what it rests, what was sent, what came back, what the log says. */
export function DecisionPage({ id }: { id: string }) {
  const trpc = useTRPC()
  const { link } = useEnvironment()
  const query = useQuery(trpc.decision.get.queryOptions({ id }))
  const record = query.data
  if (!record) {
    return query.error ? (
      <ErrorState
        what="The decision"
        error={{ message: errorMessageOf(query.error) }}
        onRetry={() => void query.refetch()}
      />
    ) : (
      <Loading />
    )
  }
  const { decision, dispatch, entries } = record
  const save = () =>
    download(`decision-${decision.number}.json`, JSON.stringify(record, null, 2), 'application/json')
  return (
    <article className="pb-8">
      <PageHead
        title={
          <>
            <span className="num">#{decision.number}</span> {decision.summary}
          </>
        }
        actions={
          <>
            <Button onClick={save}>
              <Download aria-hidden />
              Save as JSON
            </Button>
            <Button asChild>
              <Link href={link(`/inbox?view=all&proposal=${decision.proposalId}`)}>
                Proposal #{decision.proposalNumber}
              </Link>
            </Button>
          </>
        }
      >
        <DecisionKindBadge kind={decision.kind} />
        {dispatch ? <DispatchStateBadge state={dispatch.state} stopped={dispatch.deadAt !== null} /> : null}
        <span>
          by {decision.who}, <Moment at={decision.at} />
        </span>
        <TouchedAlso actions={(decision.sent ?? decision.seen).actions} own={decision.workload.id} />
      </PageHead>
      <div className="flex flex-col gap-2 px-4">
        {decision.reason ? (
          <Notice title={decision.kind === 'void' ? 'Why it is void' : 'Why'}>{decision.reason}</Notice>
        ) : null}
        {dispatch?.note ? (
          <Notice tone={dispatch.state === 'failed' ? 'breach' : 'wait'} title="From dispatch">
            {dispatch.note}{' '}
            <a href="#answers" className="underline underline-offset-2">
              What was sent, and what came back
            </a>
            {dispatch.deadAt ? (
              <DeadLetterActions
                decisionId={decision.id}
                name={`decision ${decision.number}`}
                goodUntil={dispatch.goodUntil}
              />
            ) : null}
          </Notice>
        ) : null}
      </div>
      <Part
        title="What the person saw"
        note="Frozen at the decision; measured lines go on to show what happened then."
      >
        <WhatWasSeen content={decision.seen} rehearsal={decision.rehearsal} />
      </Part>
      {decision.waiver ? (
        <Part title="What was let pass">
          <Waived waiver={decision.waiver} />
        </Part>
      ) : null}
      {decision.engineVerdicts.length > 0 ? (
        <Part
          title="What the policy engine said"
          note="Of exactly this content; nothing passes without its yes at the decision and before dispatch."
        >
          <EngineVerdicts verdicts={decision.engineVerdicts} />
        </Part>
      ) : null}
      {decision.difference?.length ? (
        <Part title="What was changed">
          <DifferenceTable
            difference={decision.difference}
            instead={decision.kind === 'counter' ? 'put forward' : 'sent'}
          />
        </Part>
      ) : null}
      <Part title="Who decided" note="With the roles and groups held at that moment.">
        <Approvals record={record} />
      </Part>
      <Part title="On what it rests">
        <Provenance record={record} />
      </Part>
      <Part id="answers" title="What was sent, and what came back">
        <Answers dispatch={dispatch} kind={decision.kind} sent={decision.sent} />
      </Part>
      <Part title="What it did">
        <Outcome record={record} />
      </Part>
      <Part title="What it was worth" note="Against a reactive autoscaler, and against the proposal.">
        <DecisionWorth decisionId={decision.id} kind={decision.kind} />
      </Part>
      <Part title="What the log says" note="Each hash is computed again in this browser.">
        <LogEntries entries={entries} />
      </Part>
    </article>
  )
}

type PartProps = { id?: string; title: string; note?: string; children: ReactNode }

function Part({ id, title, note, children }: PartProps) {
  return (
    <section id={id} aria-label={title} className="mt-6 border-t px-4 pt-3">
      <div className="mb-3 flex flex-wrap items-baseline gap-x-3">
        <h2 className="font-semibold text-base">{title}</h2>
        {note ? <p className="text-muted text-xs">{note}</p> : null}
      </div>
      {children}
    </section>
  )
}

function Loading() {
  return (
    <div className="flex flex-col gap-4 p-4">
      <Skeleton className="h-6 w-1/2" />
      <Skeleton className="h-60 w-full" />
      <SkeletonRows rows={8} />
    </div>
  )
}
