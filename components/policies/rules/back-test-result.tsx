import Link from 'next/link'
import type { BackTest, BackTestRow } from '../../../server/governance/contract.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Moment } from '../../ui/clock.tsx'
import { Facts } from '../../ui/facts.tsx'
import { formatCount, formatMoney, formatPercentChange } from '../../ui/format.ts'

const verdicts: Record<BackTestRow['verdict'], { word: string; tone: Tone }> = {
  refused: { word: 'refused', tone: 'breach' },
  waiver: { word: 'needs a waiver', tone: 'wait' },
  flagged: { word: 'flagged', tone: 'neutral' },
  released: { word: 'no longer refused', tone: 'verified' },
}

/** What the rules would have made of what was proposed: counts, what it would have cost or saved, and each proposal. */
export function BackTestResult({ result }: { result: BackTest }) {
  const { checked, left, refused, waiver, flagged, released, usd, rows, rowsLeft } = result
  return (
    <div className="flex flex-col gap-3">
      <Facts
        facts={[
          {
            term: 'Proposals looked at',
            value: String(checked),
            note: left > 0 ? `the newest; ${formatCount(left, 'older one')} left out` : undefined,
          },
          { term: 'Would have been refused', value: String(refused) },
          { term: 'Would have needed a waiver', value: String(waiver) },
          { term: 'Would have been flagged', value: String(flagged) },
          ...(released > 0 ? [{ term: 'Would no longer be refused', value: String(released) }] : []),
          {
            term: usd > 0 ? 'Would have cost more' : 'Would have saved',
            value: formatMoney(Math.abs(usd)),
            note: 'on what was carried out, had the nearest that complies been done instead',
          },
        ]}
      />
      {rows.length > 0 ? (
        <ul aria-label="Proposals that would have been touched">
          {rows.map((row) => (
            <Row key={row.proposalId} row={row} />
          ))}
        </ul>
      ) : (
        <p className="text-muted">What changes would have touched nothing that was proposed.</p>
      )}
      {rowsLeft > 0 ? <p className="text-muted text-xs">and {rowsLeft} more that are not shown.</p> : null}
    </div>
  )
}

function Row({ row }: { row: BackTestRow }) {
  const { word, tone } = verdicts[row.verdict]
  const money =
    row.usd === null
      ? `${formatMoney(row.usdPerHour, { per: 'h', signed: true })}`
      : formatMoney(row.usd, { signed: true })
  const risk = row.sloRisk === null ? null : `SLO risk ${formatPercentChange(row.sloRisk)}`
  return (
    <li className="flex flex-col gap-0.5 border-b py-2 last:border-b-0">
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone={tone}>{word}</Badge>
        <Link href={`/inbox?proposal=${row.proposalId}`} className="font-medium hover:underline">
          #{row.number}
        </Link>
        <span className="text-muted text-xs">
          <Moment at={row.at} /> · {row.outcome}
          {row.applied ? ', carried out' : ''}
        </span>
      </p>
      <p>{row.summary}</p>
      {row.rules.map((rule) => (
        <p key={rule.name} className="text-muted text-xs">
          {rule.message}
        </p>
      ))}
      {row.verdict === 'flagged' || row.verdict === 'released' ? null : (
        <p className="text-xs">
          {row.nearest ? `Nearest that complies: ${row.nearest}` : 'Nothing of it complies'};{' '}
          <span className="num">{money}</span>
          {risk ? <span className="num">, {risk}</span> : null}
        </p>
      )}
    </li>
  )
}
