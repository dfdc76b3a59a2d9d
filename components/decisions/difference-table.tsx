import type { Difference } from '../../server/governance/contract.ts'
import { formatQuantity } from '../ui/format.ts'
import { ScrollAcross } from '../ui/scroll-across.tsx'

/** What an override changed, field by field. */
export function DifferenceTable({ difference }: { difference: Difference }) {
  const head = 'eyebrow h-7 px-2 text-right'
  return (
    <ScrollAcross label="What was proposed beside what was sent" className="max-w-xl">
      <table className="w-full text-sm">
        <caption className="sr-only">What was proposed beside what was sent</caption>
        <thead>
          <tr className="border-b">
            <th scope="col" className="eyebrow h-7 text-left">
              field
            </th>
            <th scope="col" className={head}>
              proposed
            </th>
            <th scope="col" className={head}>
              sent
            </th>
          </tr>
        </thead>
        <tbody>
          {difference.map(({ field, proposed, sent, unit }) => (
            <tr key={field} className="h-8 border-b last:border-b-0">
              <th scope="row" className="text-left font-normal">
                {field}
              </th>
              <td className="num px-2 text-right text-muted">{shown(proposed, unit)}</td>
              <td className="num px-2 text-right font-medium">{shown(sent, unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollAcross>
  )
}

/** Probabilities are written in percent, what is or is not in words. */
function shown(value: number, unit: string): string {
  if (unit === 'yes or no') return value === 1 ? 'yes' : 'no'
  return formatQuantity(value, unit === 'probability' ? '' : unit)
}
