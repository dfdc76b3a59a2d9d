import type { ForecastSnapshot } from '../../server/forecast/contract.ts'
import { Moment } from '../ui/clock.tsx'
import { Section } from '../ui/facts.tsx'
import { formatPercent } from '../ui/format.ts'
import { formatClock } from '../ui/time.ts'
import { expertLines } from './expert-names.ts'

/** Which methods carry the forecast at the lead that is explained, and how much each. */
export function ExpertWeights({ snapshot }: { snapshot: ForecastSnapshot }) {
  const lead = snapshot.leads.find((candidate) => candidate.lead === snapshot.contributionLead)
  const lines = expertLines(snapshot.experts)
  const widest = lines[0]?.weight || 1
  return (
    <Section
      title="Which methods carry it"
      aside={
        lead ? (
          <span className="text-muted text-xs">
            for <Moment at={lead.at} format={formatClock} />
          </span>
        ) : null
      }
    >
      {lines.length === 0 ? (
        <p className="border-t py-3 text-muted">All methods are still warming up.</p>
      ) : (
        <table className="w-full text-sm">
          <caption className="sr-only">Weights of the methods at the explained lead</caption>
          <tbody>
            {lines.map((line) => (
              <tr key={line.name} className="h-6">
                <th scope="row" title={line.title} className="pr-3 text-left font-normal">
                  {line.label}
                </th>
                <td className="w-1/3">
                  <div
                    className={line.name === 'rest' ? 'h-2 border border-forecast' : 'h-2 bg-forecast'}
                    style={{ width: `max(1px, ${(line.weight / widest) * 100}%)` }}
                  />
                </td>
                <td className="num w-14 pl-3 text-right">{formatPercent(line.weight)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}
