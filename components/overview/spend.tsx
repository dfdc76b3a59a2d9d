'use client'
import Link from 'next/link'
import type { Overview } from '../../server/api/contract.ts'
import { useEnvironment } from '../frame/environment.ts'
import { cn } from '../ui/class-names.ts'
import { Section } from '../ui/facts.tsx'
import { formatMoney, formatPercent, NONE } from '../ui/format.ts'
import { ScrollAcross } from '../ui/scroll-across.tsx'

/** What ready capacity costs at list prices, against the limit of each workload and of all. */
export function Spend({ overview }: { overview: Overview }) {
  const { link } = useEnvironment()
  const { spend, workloads } = overview
  return (
    <Section title="Spend against bounds" className="max-w-4xl">
      <ScrollAcross label="Workloads and what they spend">
        <table className="w-full">
          <thead>
            <tr className="border-b">
              <th scope="col" className="eyebrow h-7 text-left">
                workload
              </th>
              <th scope="col" className="eyebrow h-7 px-3 text-right">
                now
              </th>
              <th scope="col" className="eyebrow h-7 px-3 text-right">
                limit
              </th>
              <th scope="col" className="eyebrow hidden h-7 w-2/5 text-left sm:table-cell">
                used
              </th>
            </tr>
          </thead>
          <tbody>
            {workloads.map((entry) => (
              <Row
                key={entry.workload.id}
                name={
                  <Link href={link(`/workloads/${entry.workload.name}`)} className="hover:underline">
                    {entry.workload.title}
                  </Link>
                }
                now={entry.costPerHourUsd}
                limit={entry.policy?.costLimitPerHourUsd ?? null}
              />
            ))}
            <Row name="All" now={spend.perHourUsd} limit={spend.limitPerHourUsd} strong />
          </tbody>
        </table>
      </ScrollAcross>
    </Section>
  )
}

function Row({
  name,
  now,
  limit,
  strong,
}: {
  name: React.ReactNode
  now: number | null
  limit: number | null
  strong?: boolean
}) {
  const used = now === null || !limit ? null : now / limit
  const fill = used === null ? '' : used > 1 ? 'bg-breach' : used > 0.9 ? 'bg-wait' : 'bg-muted'
  return (
    <tr className={cn('h-8 border-b last:border-b-0', strong && 'font-medium')}>
      <th scope="row" className={cn('text-left', strong ? 'font-medium' : 'font-normal')}>
        {name}
      </th>
      <td className="num px-3 text-right">{formatMoney(now, { per: 'h' })}</td>
      <td className="num px-3 text-right">{limit ? formatMoney(limit, { per: 'h' }) : NONE}</td>
      <td className="hidden sm:table-cell">
        <div className="flex items-center gap-2">
          <div className="relative h-2 flex-1 border border-line-strong">
            <div
              className={cn('absolute inset-y-0 left-0', fill)}
              style={{ width: `${Math.min(1, used ?? 0) * 100}%` }}
            />
          </div>
          <span
            className={cn(
              'num w-24 text-right text-xs',
              used !== null && used > 1 ? 'text-breach' : 'text-muted',
            )}
          >
            {used === null ? NONE : `${formatPercent(used)}${used > 1 ? ' over' : ''}`}
          </span>
        </div>
      </td>
    </tr>
  )
}
