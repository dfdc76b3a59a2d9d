'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import type { SimilarProposal } from '../../server/evaluation/contract.ts'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { useEnvironment } from '../frame/environment.ts'
import { RelativeTime } from '../ui/clock.tsx'
import { Section } from '../ui/facts.tsx'
import { formatChange, formatMoney, formatPercent, NONE } from '../ui/format.ts'
import { Loaded } from '../ui/loaded.tsx'

/** Earlier proposals like it: what was decided, whether the surge came, and what the decision was worth. */
export function SimilarSection({ proposal: { id, similar } }: { proposal: ProposalDetail }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.evaluation.similarProposals.queryOptions({ id }))
  return (
    <Section
      title="Like it before"
      aside={
        similar.count > 0 ? (
          <span className="text-muted text-xs">
            {similar.count}: {similar.approved} approved, {similar.overridden} overridden, {similar.rejected}{' '}
            rejected
          </span>
        ) : null
      }
    >
      <Loaded what="What was like it" query={query} rows={3}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="text-muted">Nothing like it was decided on this workload before.</p>
          ) : (
            <ul>
              {rows.map((row) => (
                <Before key={row.id} row={row} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  )
}

function Before({ row }: { row: SimilarProposal }) {
  const { link } = useEnvironment()
  const { decision } = row
  return (
    <li className="flex min-h-7 flex-wrap items-baseline gap-x-3 border-b py-1 last:border-b-0">
      <Link
        href={link(decision ? `/decisions/${decision.id}` : `/inbox?view=all&proposal=${row.id}`)}
        className="num underline decoration-line-strong underline-offset-2 hover:decoration-ink"
      >
        #{row.number}
      </Link>
      <RelativeTime at={row.at} className="text-muted text-xs" />
      <span className="num">{formatChange(row.fromReplicas, row.toReplicas)}</span>
      <span className="text-muted text-xs">
        {decision ? `${doing[decision.kind] ?? decision.kind} by ${decision.who}` : row.state}
      </span>
      <span className="ml-auto flex items-baseline gap-x-3 text-xs">
        {row.surgeProbability === null ? null : (
          <span className="text-muted">
            <span className="num">{formatPercent(row.surgeProbability)}</span> surge{' '}
            {row.surgeCame === null ? '' : row.surgeCame ? 'came' : 'did not come'}
          </span>
        )}
        <span className="num w-16 text-right" title="Saved (+) or cost (−) against the other course">
          {row.worthUsd === null ? NONE : formatMoney(row.worthUsd, { signed: true })}
        </span>
      </span>
    </li>
  )
}

const doing: Record<string, string> = {
  approve: 'approved',
  override: 'overridden',
  reject: 'rejected',
  expire: 'left to expire',
}
