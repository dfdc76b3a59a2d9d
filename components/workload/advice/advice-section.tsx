'use client'
import type { Advice, Ground } from '../../../server/plan/contract.ts'
import type { WorkloadView } from '../../../server/telemetry/contract.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Moment } from '../../ui/clock.tsx'
import { Facts } from '../../ui/facts.tsx'
import { formatMoney, formatNumber, formatQuantity, NONE } from '../../ui/format.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { formatDayClock } from '../../ui/time.ts'
import { useAdvice } from '../use-advice.ts'
import { AdviceChartView } from './advice-chart.tsx'

/** What could be done for the workload beside its capacity: what it would save, on what that rests, and when it would be wrong. */
export function AdviceSection({ workload }: { workload: WorkloadView }) {
  const query = useAdvice(workload.id)
  return (
    <Loaded what="The advice" query={query}>
      {(view) =>
        view.advice.length === 0 ? (
          <EmptyState
            title={view.observations === 0 ? 'No advice yet' : 'Nothing to advise'}
            className="px-0"
          >
            {view.observations === 0
              ? 'It is made of the demand that was measured and the pool that serves it; nothing was measured yet.'
              : `${formatNumber(view.observations)} steps were measured. Serverless and caching are for requests, batching for language models, spot for what is rented by the hour, and right-sizing takes measured utilisation.`}
          </EmptyState>
        ) : (
          <div>
            <p className="mb-2 text-muted text-xs">
              From <span className="num">{formatNumber(view.observations)}</span> steps measured between{' '}
              <Moment at={view.from} format={formatDayClock} /> and{' '}
              <Moment at={view.to} format={formatDayClock} />. Advice changes nothing by itself.
            </p>
            <ul className="border-t">
              {view.advice.map((advice) => (
                <AdviceRow key={advice.kind} advice={advice} />
              ))}
            </ul>
          </div>
        )
      }
    </Loaded>
  )
}

const verdicts: Record<Advice['verdict'], { word: string; tone: Tone }> = {
  change: { word: 'worth doing', tone: 'action' },
  keep: { word: 'better as it is', tone: 'neutral' },
  unknown: { word: 'not known', tone: 'wait' },
}

function AdviceRow({ advice }: { advice: Advice }) {
  const verdict = verdicts[advice.verdict]
  return (
    <li className="border-b">
      <details>
        <summary className="flex flex-wrap items-baseline gap-x-3 gap-y-1 py-2 hover:bg-hover">
          <span className="w-48 font-medium">{advice.title}</span>
          <Badge tone={verdict.tone}>{verdict.word}</Badge>
          <span className="min-w-0 flex-1 basis-64">{advice.summary}</span>
          <span className="num whitespace-nowrap">{savingOf(advice)}</span>
        </summary>
        <div className="grid gap-x-8 gap-y-3 pb-3 lg:grid-cols-2">
          <div className="flex flex-col gap-2">
            <Facts
              facts={advice.restsOn.map((ground) => ({
                term: ground.label,
                value: groundOf(ground),
                note: ground.source,
              }))}
            />
          </div>
          <div className="flex flex-col gap-2">
            {advice.chart ? <AdviceChartView chart={advice.chart} /> : null}
            <p>
              <span className="text-muted">Confidence {advice.confidence}:</span> {advice.confidenceWhy}
            </p>
            {advice.wrongWhen.length > 0 ? (
              <div>
                <h3 className="eyebrow">It would be wrong when</h3>
                <ul className="list-disc pl-4 text-muted">
                  {advice.wrongWhen.map((sentence) => (
                    <li key={sentence}>{sentence}</li>
                  ))}
                </ul>
              </div>
            ) : null}
          </div>
        </div>
      </details>
    </li>
  )
}

/** "saves $120 to $180 a month", "costs $40 to $60 a month more", or that it cannot be said. */
function savingOf({ savingPerMonthUsd: saving }: Pick<Advice, 'savingPerMonthUsd'>): string {
  if (saving === null) return NONE
  const range = (low: number, high: number) => {
    const [from, to] = [low, high].map((usd) => formatMoney(usd, { digits: 0 }))
    return from === to ? from : `${from} to ${to}`
  }
  if (saving.high <= 0) return `costs ${range(-saving.high, -saving.low)} a month more`
  if (saving.low >= 0) return `saves ${range(saving.low, saving.high)} a month`
  return `costs ${formatMoney(-saving.low, { digits: 0 })} more to saves ${formatMoney(saving.high, { digits: 0 })} a month`
}

function groundOf({ value, unit }: Ground): string {
  if (value === null) return 'not known'
  if (unit.startsWith('$')) return `${formatMoney(value)}${unit.slice(1)}`
  return unit === '' ? formatNumber(value) : formatQuantity(value, unit)
}
