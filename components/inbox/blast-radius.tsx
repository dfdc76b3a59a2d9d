'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import type { SharedCapacity } from '../../server/governance/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { useEnvironment } from '../frame/environment.ts'
import { Section } from '../ui/facts.tsx'
import { formatCount } from '../ui/format.ts'
import { Loaded } from '../ui/loaded.tsx'

const kinds: Record<SharedCapacity['kind'], string> = {
  quota: 'same quota',
  domain: 'same place',
  rule: 'same limit',
}
/** So many are named; the rest is counted. */
const mostNamed = 5

/** What else shares the capacity that is changed, and how full that gets. */
export function BlastRadius({ proposalId }: { proposalId: string }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.proposal.sharedCapacity.queryOptions({ id: proposalId }))
  const others = new Set(query.data?.flatMap(({ workloads }) => workloads.map(({ id }) => id)))
  return (
    <Section
      title="Blast radius"
      aside={
        query.data ? (
          <span className="text-muted text-xs">{formatCount(others.size, 'other workload')}</span>
        ) : null
      }
    >
      <Loaded what="What shares the capacity" query={query} rows={3}>
        {(shared) => (
          <ul>
            {shared.map((group) => (
              <li key={`${group.kind} ${group.name}`} className="border-b py-1.5 last:border-b-0">
                <p className="flex flex-wrap items-baseline gap-x-3">
                  <span className="text-muted text-xs">{kinds[group.kind]}</span>
                  <span className="min-w-0">{group.name}</span>
                  {group.limit === null ? null : (
                    <span className="num ml-auto">
                      {group.used} → {group.after} of {group.limit}
                    </span>
                  )}
                </p>
                <Mates workloads={group.workloads} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  )
}

function Mates({ workloads }: { workloads: SharedCapacity['workloads'] }) {
  const { link } = useEnvironment()
  if (workloads.length === 0) return <p className="text-muted text-xs">nobody else</p>
  return (
    <p className="flex flex-wrap gap-x-3 text-xs">
      {workloads.slice(0, mostNamed).map(({ id, name, title, replicas }, i) => (
        <Link
          key={`${id} ${String(i)}`}
          href={link(`/workloads/${name}`)}
          className="underline decoration-line-strong underline-offset-2 hover:decoration-ink"
        >
          {title}
          {replicas === null ? null : <span className="num text-muted"> {replicas}</span>}
        </Link>
      ))}
      {workloads.length > mostNamed ? (
        <span className="text-muted">and {workloads.length - mostNamed} more</span>
      ) : null}
    </p>
  )
}
