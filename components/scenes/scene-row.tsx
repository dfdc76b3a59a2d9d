'use client'
import { CircleDashed, CircleDot, CircleStop, Loader, Play, RotateCcw } from 'lucide-react'
import Link from 'next/link'
import type { SceneStateName, SceneView } from '../../server/scenes/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useEnvironment } from '../frame/environment.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { RelativeTime } from '../ui/clock.tsx'
import { formatCount } from '../ui/format.ts'
import { usePlayScene } from './use-play-scene.ts'

const looks: Record<SceneStateName, { word: string; tone: Tone; icon: typeof Loader }> = {
  'not-started': { word: 'not started', tone: 'neutral', icon: CircleDashed },
  starting: { word: 'starting', tone: 'wait', icon: Loader },
  running: { word: 'running', tone: 'verified', icon: CircleDot },
  ended: { word: 'ended', tone: 'neutral', icon: CircleStop },
}

/** One scene: what it is about beside how it stands and what can be done. */
export function SceneRow({ scene }: { scene: SceneView }) {
  const { title, story, sees, name } = scene
  return (
    <li className="grid gap-x-8 gap-y-3 border-b px-4 py-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <section aria-labelledby={`scene-${name}`} className="min-w-0">
        <h2 id={`scene-${name}`} className="font-semibold text-base">
          {title}
        </h2>
        <p className="max-w-prose">{story}</p>
        <ol className="mt-2 flex max-w-prose list-decimal flex-col gap-1 pl-5 text-muted">
          {sees.map((sight) => (
            <li key={sight}>{sight}</li>
          ))}
        </ol>
      </section>
      <Standing scene={scene} />
    </li>
  )
}

function Standing({ scene }: { scene: SceneView }) {
  const { state, title, note, workloads } = scene
  const { start, stop, reset, pending, error } = usePlayScene(scene.name)
  const { link } = useEnvironment()
  const { word, tone, icon: Icon } = looks[state]
  const plays = state === 'running' || state === 'starting'
  return (
    <div className="flex min-w-0 flex-col items-start gap-2">
      <p className="flex flex-wrap items-center gap-2 text-muted">
        <Badge tone={tone}>
          <Icon aria-hidden />
          {word}
        </Badge>
        <Since scene={scene} />
      </p>
      {workloads.length > 0 ? (
        <p className="min-w-0 break-words">
          {workloads.map((workload) => (
            <Link
              key={workload.id}
              href={link(`/workloads/${workload.name}`)}
              className="mr-3 underline decoration-line-strong underline-offset-2 hover:decoration-ink"
            >
              {workload.title}
            </Link>
          ))}
        </p>
      ) : null}
      {plays ? (
        <p className="text-muted">
          {scene.proposed
            ? 'The first proposal has come; all of them are in the '
            : `First proposal about ${formatCount(scene.proposalAfterMinutes, 'minute')} after the start, in the `}
          <Link
            href={link(scene.proposed ? '/inbox?view=all' : '/inbox')}
            className="underline underline-offset-2"
          >
            inbox
          </Link>
          .
        </p>
      ) : null}
      {note ? <p className="text-wait">{note}</p> : null}
      {error ? (
        <p role="alert" className="max-w-prose text-breach">
          {errorMessageOf(error)}
        </p>
      ) : null}
      <div className="flex flex-wrap gap-2">
        {state === 'running' ? null : (
          <Button variant="primary" disabled={pending !== null} onClick={start} aria-label={`Start ${title}`}>
            <Play aria-hidden />
            {pending === 'start' ? 'Starting' : state === 'ended' ? 'Start again' : 'Start'}
          </Button>
        )}
        {plays ? (
          <Button disabled={pending !== null} onClick={stop} aria-label={`Stop ${title}`}>
            <CircleStop aria-hidden />
            {pending === 'stop' ? 'Stopping' : 'Stop'}
          </Button>
        ) : null}
        {state === 'running' ? (
          <Button
            variant="quiet"
            disabled={pending !== null}
            onClick={reset}
            aria-label={`Start ${title} anew`}
          >
            <RotateCcw aria-hidden />
            {pending === 'reset' ? 'Starting anew' : 'Start anew'}
          </Button>
        ) : null}
      </div>
    </div>
  )
}

function Since({ scene: { state, run, startedAt, endedAt } }: { scene: SceneView }) {
  if (state === 'ended' && endedAt !== null)
    return (
      <span>
        <RelativeTime at={endedAt} />, run <span className="num">{run}</span>
      </span>
    )
  if (state === 'running' && startedAt !== null)
    return (
      <span>
        started <RelativeTime at={startedAt} />, run <span className="num">{run}</span>
      </span>
    )
  return null
}
