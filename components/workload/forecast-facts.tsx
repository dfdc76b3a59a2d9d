import type { ForecastSnapshot } from '../../server/forecast/contract.ts'
import { Moment } from '../ui/clock.tsx'
import { Facts, Section } from '../ui/facts.tsx'
import { formatNumber, formatPercent, shortHash } from '../ui/format.ts'
import { formatDayClock } from '../ui/time.ts'

/** Where the forecast comes from, and how often what it promised was so. */
export function ForecastFacts({ snapshot }: { snapshot: ForecastSnapshot }) {
  const experts = [...snapshot.experts].sort((a, b) => b.weight - a.weight)
  const judged = snapshot.coverage90 !== null && snapshot.coverageCount > 0
  return (
    <Section title="Forecast">
      <Facts
        facts={[
          {
            term: 'intervals of 90 % held',
            value: judged ? formatPercent(snapshot.coverage90, 1) : 'not judged yet',
            note: judged ? `measured over ${formatNumber(snapshot.coverageCount)} forecasts` : undefined,
          },
          {
            term: 'model',
            value: snapshot.modelVersion,
            note: `state ${shortHash(snapshot.stateHash)}`,
          },
          {
            term: 'learned from',
            value: `${formatNumber(snapshot.observations)} steps`,
            note: (
              <>
                since <Moment at={snapshot.trainedFrom} format={formatDayClock} />
              </>
            ),
          },
        ]}
      />
      <table className="mt-2 w-full">
        <caption className="eyebrow pb-1 text-left">Weights of the experts</caption>
        <tbody>
          {experts.map((expert) => (
            <tr key={expert.name} className="h-6">
              <th scope="row" className="whitespace-nowrap pr-3 text-left font-normal">
                {expert.name.replaceAll('-', ' ')}
              </th>
              <td className="w-2/5">
                <div className="h-2 bg-forecast" style={{ width: `${expert.weight * 100}%` }} />
              </td>
              <td className="num pl-3 text-right">{formatPercent(expert.weight)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
