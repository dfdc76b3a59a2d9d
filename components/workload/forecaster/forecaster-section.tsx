'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ForecasterHealth, ForecasterTrial, ForecasterView } from '../../../server/forecast/contract.ts'
import type { WorkloadView } from '../../../server/telemetry/contract.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useMay } from '../../frame/session.tsx'
import { ManageConnected, TrialOutcome } from '../../plugin/try-once.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { RelativeTime } from '../../ui/clock.tsx'
import { type Fact, Facts, Section } from '../../ui/facts.tsx'
import { formatCount, formatNumber, formatPercent } from '../../ui/format.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { EmptyState, Notice } from '../../ui/states.tsx'
import { formatDuration } from '../../ui/time.ts'
import { ForecasterDialog } from './forecaster-dialog.tsx'
import { RemoveDialog } from './remove-dialog.tsx'

const states: Record<ForecasterHealth['state'], { tone: Tone; word: string }> = {
  off: { tone: 'neutral', word: 'switched off' },
  new: { tone: 'neutral', word: 'not asked yet' },
  answering: { tone: 'verified', word: 'answering' },
  failing: { tone: 'wait', word: 'failing' },
  paused: { tone: 'breach', word: 'paused' },
}

/** A team's own forecaster: where it is, how it fares, and what an admin can do about it. */
export function ForecasterSection({ workload }: { workload: WorkloadView }) {
  const trpc = useTRPC()
  const mayManage = useMay('forecaster.manage')
  const query = useQuery(trpc.forecaster.get.queryOptions({ workloadId: workload.id }))
  const [open, setOpen] = useState<'set' | 'remove' | null>(null)
  const trial = useMutation(trpc.forecaster.test.mutationOptions())
  const view = query.data ?? null
  return (
    <Section
      title="Own forecaster"
      aside={
        view ? <Badge tone={states[view.health.state].tone}>{states[view.health.state].word}</Badge> : null
      }
    >
      <Loaded what="The forecaster" query={query} rows={4}>
        {(forecaster) =>
          forecaster === null ? (
            <EmptyState
              title="None"
              className="border-t px-0 py-3"
              action={
                mayManage ? (
                  <Button size="sm" onClick={() => setOpen('set')}>
                    Connect a forecaster
                  </Button>
                ) : null
              }
            >
              A team’s own model can join over HTTP. It is weighed against the others by what it proves, and a
              bad answer never stops the forecast.{mayManage ? '' : ' An admin connects it.'}
            </EmptyState>
          ) : (
            <div className="flex flex-col gap-2">
              <p>{forecaster.health.text}</p>
              <Facts facts={factsOf(forecaster)} className="border-t" />
              {mayManage ? (
                <ManageConnected
                  pending={trial.isPending}
                  onTry={() => trial.mutate({ workloadId: workload.id })}
                  onChange={() => setOpen('set')}
                  onRemove={() => setOpen('remove')}
                />
              ) : null}
              <TrialOutcome trial={trial}>{(answer) => <Trial trial={answer} />}</TrialOutcome>
            </div>
          )
        }
      </Loaded>
      {open === 'set' ? (
        <ForecasterDialog workload={workload} forecaster={view} onClose={() => setOpen(null)} />
      ) : null}
      {open === 'remove' && view ? <RemoveDialog forecaster={view} onClose={() => setOpen(null)} /> : null}
    </Section>
  )
}

function factsOf(forecaster: ForecasterView): Fact[] {
  const { health } = forecaster
  return [
    { term: 'name', value: forecaster.name, note: 'among the methods' },
    { term: 'address', value: forecaster.url },
    {
      term: 'secret',
      value: forecaster.hasSecret ? 'kept, never shown' : 'none',
      note: forecaster.secretHeader ? `in the header ${forecaster.secretHeader}` : undefined,
    },
    {
      term: 'answers within',
      value: `${formatNumber(forecaster.timeoutMs)}\u202fms`,
      note: 'or our own forecast stands',
    },
    { term: 'is sent', value: `the newest ${formatCount(forecaster.windowSteps, 'step')}` },
    {
      term: 'answered in time',
      value: health.asked === 0 ? 'not asked yet' : formatPercent(health.answeredShare),
      note: health.asked === 0 ? undefined : `of the latest ${formatCount(health.asked, 'request')}`,
    },
    ...(health.lastAnswerAt
      ? [{ term: 'last good answer', value: <RelativeTime at={health.lastAnswerAt} /> }]
      : []),
    ...(health.lastError && health.lastErrorAt
      ? [{ term: 'last fault', value: <RelativeTime at={health.lastErrorAt} />, note: health.lastError }]
      : []),
    ...(health.retryAt ? [{ term: 'asked again', value: <RelativeTime at={health.retryAt} /> }] : []),
  ]
}

function Trial({ trial }: { trial: ForecasterTrial }) {
  return (
    <Notice
      tone={trial.ok ? 'verified' : 'breach'}
      title={trial.ok ? 'It answers as it should' : 'The trial failed'}
    >
      {trial.text}{' '}
      <span className="num">
        ({formatCount(trial.sentSteps, 'step')} sent, {formatCount(trial.leads, 'lead')} asked for,{' '}
        {trial.tookMs < 10_000
          ? `${formatNumber(trial.tookMs, 0)}\u202fms`
          : formatDuration(trial.tookMs / 1000)}
        )
      </span>
    </Notice>
  )
}
