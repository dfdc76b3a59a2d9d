'use client'
import Link from 'next/link'
import type { OverviewWorkload } from '../../server/api/contract.ts'
import type { ProposalRow } from '../../server/governance/contract.ts'
import { useEnvironment } from '../frame/environment.ts'
import { heldWords } from '../plan/held-rise.tsx'
import { Badge } from '../ui/badge.tsx'
import { Moment, RelativeTime } from '../ui/clock.tsx'
import { Section } from '../ui/facts.tsx'
import { formatPercent, formatQuantity } from '../ui/format.ts'
import { formatClock } from '../ui/time.ts'
import { type Coming, comingOf } from './coming.ts'

/** What demand is about to do, the nearest first. */
export function ComingList({
  workloads,
  proposals,
}: {
  workloads: readonly OverviewWorkload[]
  proposals: readonly ProposalRow[]
}) {
  const coming = comingOf(workloads, proposals)
  return (
    <Section title="What is coming">
      {coming.length === 0 ? (
        <p className="border-t py-3 text-muted">
          {workloads.some(({ forecast }) => forecast !== null)
            ? 'No workload is forecast to pass its ready capacity, not even in one case of ten.'
            : 'Nothing is forecast yet. That begins once enough demand was measured to learn from.'}
        </p>
      ) : (
        <ul className="border-t">
          {coming.map((item) => (
            <Row key={item.workload.id} item={item} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function Row({ item }: { item: Coming }) {
  const { link } = useEnvironment()
  const href = item.proposalId ? `/inbox?proposal=${item.proposalId}` : `/workloads/${item.workload.name}`
  const capacity = item.capacity === null ? '' : ` of ${formatQuantity(item.capacity, item.unit)} ready`
  return (
    <li>
      <Link
        href={link(href)}
        className="grid min-h-12 grid-cols-[88px_1fr_auto] items-center gap-x-3 border-b py-1 hover:bg-hover"
      >
        <span className="leading-4">
          <RelativeTime at={item.at} className="block" />
          <Moment at={item.at} format={formatClock} className="text-muted text-xs" />
        </span>
        <span className="min-w-0 leading-4">
          <span className="block truncate font-medium">{item.workload.title}</span>
          <span className="num block truncate text-muted text-xs">
            peak {formatQuantity(item.peakMedian, item.unit)}, p90{' '}
            {formatQuantity(item.peakUpper90, item.unit)}
            {capacity}
          </span>
          {item.heldBy.length > 0 ? (
            <span
              className="block text-breach text-xs"
              title={item.heldBy.map(({ message }) => message).join(' ')}
            >
              No rise is proposed: {heldWords(item.heldBy)}
            </span>
          ) : null}
        </span>
        <Badge tone={item.kind === 'surge' ? 'wait' : undefined}>
          {item.probability === null ? (
            'surge'
          ) : (
            <>
              <span className="num">{formatPercent(item.probability)}</span> to pass
            </>
          )}
        </Badge>
      </Link>
    </li>
  )
}
