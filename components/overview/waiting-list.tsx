'use client'
import Link from 'next/link'
import type { Overview } from '../../server/api/contract.ts'
import { useEnvironment } from '../frame/environment.ts'
import { Countdown } from '../inbox/countdown.tsx'
import { RowChange, RowPlace } from '../plan/row-change.tsx'
import { Section } from '../ui/facts.tsx'
import { formatMoney, formatPercent } from '../ui/format.ts'

/** What waits for a decision, the most urgent first. */
export function WaitingList({ inbox }: { inbox: Overview['inbox'] }) {
  const { link } = useEnvironment()
  return (
    <Section
      title="Waits for a decision"
      aside={
        inbox.count > 0 ? (
          <Link href={link('/inbox')} className="text-action text-xs hover:underline">
            all <span className="num">{inbox.count}</span> in the inbox
          </Link>
        ) : null
      }
    >
      {inbox.top.length === 0 ? (
        <p className="border-t py-3 text-muted">Nothing waits. New proposals appear here by themselves.</p>
      ) : (
        <ul className="border-t">
          {inbox.top.slice(0, 5).map((row) => (
            <li key={row.id}>
              <Link
                href={link(`/inbox?proposal=${row.id}`)}
                className="grid min-h-12 grid-cols-[1fr_auto] items-center gap-x-3 border-b py-1 hover:bg-hover"
              >
                <span className="min-w-0 leading-4">
                  <span className="block truncate">
                    <span className="font-medium">{row.workload.title}</span> <RowChange row={row} />
                  </span>
                  <span className="block truncate text-muted text-xs">
                    <span className="num">
                      {formatMoney(row.costChangePerHourUsd, { per: 'h', signed: true })}
                    </span>
                    , SLO risk{' '}
                    <span className="num">
                      {formatPercent(row.sloRiskBefore)} → {formatPercent(row.sloRiskAfter)}
                    </span>
                    , <RowPlace row={row} />
                  </span>
                </span>
                <span className="text-right">
                  <span className="text-muted text-xs">act by </span>
                  <Countdown actBy={row.actBy} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
