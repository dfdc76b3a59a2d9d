'use client'
import { useQuery } from '@tanstack/react-query'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { cn } from '../ui/class-names.ts'
import { RelativeTime } from '../ui/clock.tsx'
import { Section } from '../ui/facts.tsx'
import { formatMoney, formatPercent } from '../ui/format.ts'
import { Loaded } from '../ui/loaded.tsx'

/** The numbers that the proposal was made with, which stay, beside what the newest forecast makes of the same change. */
export function TodaySection({ proposal }: { proposal: ProposalDetail }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.proposal.today.queryOptions({ id: proposal.id }, { refetchInterval: 60_000 }))
  const { effect, confidence, evidence } = proposal.content
  const head = 'eyebrow h-7 whitespace-nowrap px-2 text-right'
  return (
    <Section
      title="Then and now"
      aside={
        query.data?.known ? (
          <span className="text-muted text-xs">
            newest forecast of <RelativeTime at={query.data.forecastOrigin} />
          </span>
        ) : null
      }
    >
      <Loaded what="What it would be now" query={query} rows={4}>
        {(today) =>
          !today.known ? (
            <p className="text-muted">{today.why}</p>
          ) : (
            <table className="w-full text-sm">
              <thead>
                <tr className="border-b">
                  <th scope="col" className={cn(head, 'pl-0 text-left')}>
                    probability
                  </th>
                  <th scope="col" className={head}>
                    as proposed
                  </th>
                  <th scope="col" className={head}>
                    now
                  </th>
                </tr>
              </thead>
              <tbody>
                {[
                  { name: 'surge', made: evidence.surge?.probability ?? null, now: today.surgeProbability },
                  { name: 'SLO risk, nothing done', made: effect.sloRiskBefore, now: today.sloRiskBefore },
                  { name: 'SLO risk, carried out', made: effect.sloRiskAfter, now: today.sloRiskAfter },
                  { name: 'confidence', made: confidence, now: today.confidence },
                ].map((row) => (
                  <tr key={row.name} className="h-7 border-b">
                    <th scope="row" className="text-left font-normal text-muted">
                      {row.name}
                    </th>
                    <td className="num px-2 text-right text-muted">{chance(row.made)}</td>
                    <td
                      className={cn(
                        'num px-2 text-right',
                        chance(row.made) !== chance(row.now) && 'font-medium',
                      )}
                    >
                      {chance(row.now)}
                    </td>
                  </tr>
                ))}
                <tr className="h-7">
                  <th scope="row" className="text-left font-normal text-muted">
                    lost if never done
                  </th>
                  <td className="num px-2 text-right text-muted">
                    {formatMoney(Math.max(0, proposal.regretUsd))}
                  </td>
                  <td className="num px-2 text-right">{formatMoney(Math.max(0, today.regretUsd))}</td>
                </tr>
              </tbody>
            </table>
          )
        }
      </Loaded>
    </Section>
  )
}

const chance = (value: number | null) => (value === null ? 'none' : formatPercent(value))
