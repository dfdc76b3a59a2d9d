'use client'
import type { Drift } from '../../server/forecast/contract.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { Moment } from '../ui/clock.tsx'
import { Section } from '../ui/facts.tsx'
import { formatDayClock } from '../ui/time.ts'

const states: Record<Drift['state'], { tone: Tone; word: string }> = {
  relearning: { tone: 'wait', word: 'relearning' },
  settled: { tone: 'neutral', word: 'settled' },
  ignored: { tone: 'neutral', word: 'set aside' },
}

/** What the engine found changed by itself, newest first. `onLook` goes to the moment on the chart. */
export function DriftList({ drift, onLook }: { drift: readonly Drift[]; onLook: (at: number) => void }) {
  return (
    <Section title="Changes found">
      {drift.length === 0 ? (
        <p className="border-t py-3 text-muted">
          None. A change of level, spread or accuracy would be named here, and marked on the chart.
        </p>
      ) : (
        <ul className="border-t">
          {drift.map((change) => (
            <li
              key={`${change.at} ${change.kind}`}
              className="grid grid-cols-[1fr_auto] items-baseline gap-x-3 border-b py-1.5 last:border-b-0"
            >
              <span className="min-w-0">{change.text}</span>
              <Badge tone={states[change.state].tone}>{states[change.state].word}</Badge>
              <button
                type="button"
                className="w-fit text-left text-muted text-xs hover:underline"
                title="Look back at this moment"
                onClick={() => onLook(Date.parse(change.at))}
              >
                <Moment at={change.at} format={formatDayClock} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
