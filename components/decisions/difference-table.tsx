import type { Difference } from '../../server/governance/contract.ts'
import { FigureHead } from '../ui/figure-table.tsx'
import { formatQuantity } from '../ui/format.ts'
import { ScrollAcross } from '../ui/scroll-across.tsx'

/** What an override changed, field by field. `instead`: what became of a person's numbers, such as "sent". */
export function DifferenceTable({ difference, instead }: { difference: Difference; instead: string }) {
  const words = `What was proposed beside what was ${instead}`
  return (
    <ScrollAcross label={words} className="max-w-xl">
      <table className="w-full text-sm">
        <caption className="sr-only">{words}</caption>
        <FigureHead columns={['field', 'proposed', instead]} />
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
