import type { Contribution } from '../../server/forecast/contract.ts'
import { formatNumber, formatQuantity, formatSigned } from '../ui/format.ts'
import { contributionBars } from './contributions.ts'

/** Why the median is what it is: from the ordinary level, each reason begins where the last one ended. */
export function ContributionList({
  baseline,
  contributions,
  unit,
}: {
  baseline: number
  contributions: readonly Contribution[]
  unit: string
}) {
  const sum = contributionBars(baseline, contributions)
  const percent = (share: number) => `${share * 100}%`
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">Contributions to the median forecast, in {unit}</caption>
      <tbody>
        <tr className="h-6">
          <th scope="row" className="whitespace-nowrap pr-3 text-left font-normal text-muted">
            ordinary level
          </th>
          <td className="w-2/5">
            <Edge at={percent(sum.zero)} />
          </td>
          <td className="num pl-3 text-right">{formatNumber(sum.baseline)}</td>
        </tr>
        {sum.bars.map((bar) => (
          <tr key={`${bar.group}-${bar.label}`} className="h-6">
            <th scope="row" className="whitespace-nowrap pr-3 text-left font-normal">
              {bar.label}
            </th>
            <td className="w-2/5">
              <div className="relative h-2.5">
                <div
                  className={
                    bar.value < 0
                      ? 'absolute inset-y-0 border border-forecast'
                      : 'absolute inset-y-0 bg-forecast'
                  }
                  style={{ left: percent(bar.from), width: `max(1px, ${percent(bar.to - bar.from)})` }}
                />
              </div>
            </td>
            <td className="num pl-3 text-right">{formatSigned(bar.value)}</td>
          </tr>
        ))}
        <tr className="h-7 border-t font-medium">
          <th scope="row" className="whitespace-nowrap pr-3 text-left font-medium">
            median forecast
          </th>
          <td className="w-2/5">
            <Edge at={percent(sum.end)} />
          </td>
          <td className="num whitespace-nowrap pl-3 text-right">{formatQuantity(sum.total, unit)}</td>
        </tr>
      </tbody>
    </table>
  )
}

function Edge({ at }: { at: string }) {
  return (
    <div className="relative h-2.5">
      <div className="absolute inset-y-0 w-px bg-ink" style={{ left: at }} />
    </div>
  )
}
