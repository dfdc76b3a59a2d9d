import type { LedgerPage, LedgerTotals, Worth } from '../../server/evaluation/contract.ts'
import { formatCount, formatMoney, formatNumber, NONE } from '../ui/format.ts'
import { ScrollAcross } from '../ui/scroll-across.tsx'
import { formatCarbon, formatMinutes } from './words.ts'

/** The sums, over everything and by workload, on lines that compare. */
export function LedgerTotalsView({ page }: { page: LedgerPage }) {
  const { totals, byWorkload } = page
  const lines = [
    { key: 'all', title: 'all together', totals },
    ...(byWorkload.length > 1
      ? byWorkload.map((each) => ({ key: each.workload.id, title: each.workload.title, totals: each }))
      : []),
  ]
  return (
    <ScrollAcross label="Sums of the ledger">
      <table className="text-sm">
        <thead>
          <tr>
            <th scope="col" className="eyebrow h-7 pr-4 text-left">
              sum
            </th>
            {['decisions', 'vs reactive, $', 'late', 'CO₂', 'vs the proposal, $', 'late', 'CO₂'].map(
              (head, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the heads are fixed, and two of them alike
                <th key={i} scope="col" className="eyebrow h-7 whitespace-nowrap px-3 text-right">
                  {head}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ key, title, totals: each }) => (
            <tr key={key} className="h-7 border-t">
              <th scope="row" className="whitespace-nowrap pr-4 text-left font-normal">
                {title}
              </th>
              <td className="num whitespace-nowrap px-3 text-right">
                {formatNumber(each.entries)}
                {each.provisional > 0 ? (
                  <span className="text-wait text-xs"> {formatCount(each.provisional, 'open', 'open')}</span>
                ) : null}
              </td>
              <Cells worth={each.vsReactive} />
              <Cells worth={overriddenOf(each)} />
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollAcross>
  )
}

const overriddenOf = ({ overridden }: LedgerTotals): Worth | null =>
  overridden.entries === 0 ? null : overridden.vsProposed

function Cells({ worth }: { worth: Worth | null }) {
  const values =
    worth === null
      ? [NONE, NONE, NONE]
      : [
          formatMoney(worth.costUsd, { signed: true }),
          formatMinutes(worth.violationMinutes),
          formatCarbon(worth.carbonG),
        ]
  return values.map((value, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: money, minutes and carbon, always in this order
    <td key={i} className="num whitespace-nowrap px-3 text-right">
      {value}
    </td>
  ))
}
