'use client'
import { useState } from 'react'
import type { ReplayChoice } from '../../server/evaluation/contract.ts'
import { Button } from '../ui/button.tsx'
import { useZone } from '../ui/clock.tsx'
import { DateTimeInput } from '../ui/date-time-input.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Select } from '../ui/select.tsx'
import { formatDayClock, zoneLabel } from '../ui/time.ts'
import { presetWindow, type SpanName, spanOf, spans } from './use-choices.ts'

const spanWords: Record<SpanName, string> = {
  '24h': '24 h',
  '7d': '7 days',
  '30d': '30 days',
  custom: 'custom',
}

export type RunRequest = { workload: string; from: Date; to: Date }

/** Which workload, and which past window of its own telemetry. */
export function RunForm({
  choices,
  shown,
  running,
  onRun,
}: {
  choices: readonly ReplayChoice[]
  /** What is on the page now, or being made. */
  shown: { workload: string | null; from: Date | null; to: Date | null }
  running: boolean
  onRun: (request: RunRequest) => void
}) {
  const { zone } = useZone()
  const [draft, setDraft] = useState<{ workload?: string; span?: SpanName; from?: number; to?: number }>({})
  const name = draft.workload ?? shown.workload
  const chosen =
    choices.find(({ workload }) => workload.name === name) ??
    choices.find(({ obstacle }) => obstacle === null)
  const workload = chosen?.workload.name ?? ''
  const measured =
    chosen?.measuredFrom && chosen.measuredTo
      ? { from: Date.parse(chosen.measuredFrom), to: Date.parse(chosen.measuredTo) }
      : null
  const ofShown = shown.workload === workload
  const span = draft.span ?? (ofShown ? spanOf(shown) : '24h')
  const preset = measured === null ? null : presetWindow(span === 'custom' ? '24h' : span, measured)
  const from =
    span === 'custom'
      ? (draft.from ?? (ofShown ? shown.from?.getTime() : undefined) ?? preset?.from)
      : preset?.from
  const to =
    span === 'custom' ? (draft.to ?? (ofShown ? shown.to?.getTime() : undefined) ?? preset?.to) : preset?.to
  const obstacle =
    chosen?.obstacle ??
    (from !== undefined && to !== undefined && from >= to ? 'The window ends before it begins.' : null)
  const run = () => {
    if (from === undefined || to === undefined) return
    onRun({ workload, from: new Date(from), to: new Date(to) })
  }
  return (
    <form
      aria-label="Replay"
      className="flex flex-wrap items-center gap-2 border-b px-4 pb-2"
      onSubmit={(event) => {
        event.preventDefault()
        run()
      }}
    >
      <Select
        label="Workload"
        value={workload}
        options={choices.map((choice) => ({ value: choice.workload.name, label: choice.workload.title }))}
        onChange={(next) => setDraft({ workload: next, span: span === 'custom' ? '24h' : span })}
      />
      <Segmented
        label="Window"
        value={span}
        options={spans.map((value) => ({ value, label: spanWords[value] }))}
        onChange={(next) => setDraft({ ...draft, span: next, from, to })}
      />
      {span === 'custom' ? (
        <span className="flex flex-wrap items-center gap-2">
          <DateTimeInput
            aria-label="From"
            className="w-52"
            value={from ?? null}
            min={measured?.from}
            max={measured?.to}
            onChange={(at) => setDraft({ ...draft, span, from: at })}
          />
          <span className="text-muted">to</span>
          <DateTimeInput
            aria-label="To"
            className="w-52"
            value={to ?? null}
            min={measured?.from}
            max={measured?.to}
            onChange={(at) => setDraft({ ...draft, span, to: at })}
          />
          <span className="num text-muted text-xs">{zoneLabel(zone, to ?? 0)}</span>
        </span>
      ) : from !== undefined && to !== undefined ? (
        <span className="num text-muted text-xs">
          {formatDayClock(from, zone)} to {formatDayClock(to, zone)} {zoneLabel(zone, to)}
        </span>
      ) : null}
      <Button type="submit" variant="primary" disabled={running || obstacle !== null || from === undefined}>
        {running ? 'Replaying…' : 'Replay'}
      </Button>
      {obstacle ? (
        <p role="status" className="basis-full text-wait text-xs">
          {obstacle}
        </p>
      ) : null}
    </form>
  )
}
