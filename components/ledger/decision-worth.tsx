'use client'
import { useQuery } from '@tanstack/react-query'
import type { CourseOutcome, LedgerEntryDetail } from '../../server/evaluation/contract.ts'
import { ledgerKinds, ledgerSpanHours } from '../../server/evaluation/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { Badge } from '../ui/badge.tsx'
import { Moment } from '../ui/clock.tsx'
import { formatMoney, formatNumber, formatQuantity } from '../ui/format.ts'
import { Loaded } from '../ui/loaded.tsx'
import { ScrollAcross } from '../ui/scroll-across.tsx'
import { formatDayClock, formatDuration } from '../ui/time.ts'
import { formatCarbon, formatMinutes, groundsWords, worthWords } from './words.ts'

/** What one decision was worth, course beside course, and what the figures rest on. */
export function DecisionWorth({ decisionId, kind }: { decisionId: string; kind: string }) {
  const trpc = useTRPC()
  const accounted = ledgerKinds.some((each) => each === kind)
  const query = useQuery(trpc.ledger.get.queryOptions({ decisionId }, { enabled: accounted }))
  if (!accounted) {
    return <p className="text-muted">It changed nothing that could be held against anything else.</p>
  }
  return (
    <Loaded what="The ledger entry" query={query} rows={4}>
      {(entry) =>
        entry === null ? (
          <p className="text-muted">
            Not accounted yet: that begins with the first step measured after it was carried out, and ends
            with the next decision or after {ledgerSpanHours} hours.
          </p>
        ) : (
          <Entry entry={entry} />
        )
      }
    </Loaded>
  )
}

function Entry({ entry }: { entry: LedgerEntryDetail }) {
  const { vsReactive, vsProposed, taken, reactive, proposed, from, until, final } = entry
  const seconds = (Date.parse(until) - Date.parse(from)) / 1_000
  const reactiveName = entry.grounds.reactiveIs === 'hpa' ? 'reactive' : 'nothing done'
  return (
    <div className="flex flex-col gap-3">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Badge tone={final ? 'neutral' : 'wait'}>{final ? 'final' : 'provisional'}</Badge>
        <span>
          It <strong className="font-medium">{worthWords(vsReactive)}</strong> against{' '}
          {entry.grounds.reactiveIs === 'hpa'
            ? 'a reactive autoscaler (70 %, 300 s, not tuned)'
            : 'doing nothing'}
          {vsProposed ? (
            <>
              {' '}
              and <strong className="font-medium">{worthWords(vsProposed)}</strong> against the proposal as it
              was
            </>
          ) : null}
          , over {formatDuration(seconds)} from <Moment at={from} format={formatDayClock} />.
        </span>
      </p>
      <ScrollAcross label="Courses compared">
        <table className="text-sm">
          <thead>
            <tr>
              {['course', 'replicas', 'penalty', 'short', 'late', 'CO₂'].map((head, i) => (
                <th
                  key={head}
                  scope="col"
                  className={`eyebrow h-7 whitespace-nowrap ${i === 0 ? 'pr-6 text-left' : 'px-3 text-right'}`}
                >
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Course name={entry.kind === 'approve' ? 'as approved' : 'as decided'} outcome={taken} />
            <Course name={reactiveName} outcome={reactive} than={taken} />
            {proposed ? <Course name="as proposed" outcome={proposed} than={taken} /> : null}
          </tbody>
        </table>
      </ScrollAcross>
      <p className="max-w-[100ch] text-muted text-xs">{groundsWords(entry).join(' ')}</p>
      {entry.cutBeforeSurgeEnd ? (
        <p className="max-w-[100ch] text-wait text-xs">
          The next decision ended this span before the surge was over, at{' '}
          <Moment at={entry.cutBeforeSurgeEnd} format={formatDayClock} />: what it costs to be early is in it,
          what it spared after that is not. It is not counted as regretted.
        </p>
      ) : null}
    </div>
  )
}

function Course({ name, outcome, than }: { name: string; outcome: CourseOutcome; than?: CourseOutcome }) {
  const cells = [
    [formatMoney(outcome.infraUsd), than && formatMoney(outcome.infraUsd - than.infraUsd, { signed: true })],
    [
      formatMoney(outcome.penaltyUsd),
      than && formatMoney(outcome.penaltyUsd - than.penaltyUsd, { signed: true }),
    ],
    [formatQuantity(outcome.shortReplicaHours, 'replica-h'), undefined],
    [
      formatQuantity(outcome.violationMinutes, 'min'),
      than && formatMinutes(outcome.violationMinutes - than.violationMinutes),
    ],
    [`${formatNumber(outcome.carbonG / 1_000, 2)} kg`, than && formatCarbon(outcome.carbonG - than.carbonG)],
  ]
  return (
    <tr className="h-7 border-t">
      <th scope="row" className="whitespace-nowrap pr-6 text-left font-normal">
        {name}
      </th>
      {cells.map(([value, difference], i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the measures, always in this order
        <td key={i} className="num whitespace-nowrap px-3 text-right">
          {value}
          {difference ? <span className="ml-2 text-faint text-xs">{difference}</span> : null}
        </td>
      ))}
    </tr>
  )
}
