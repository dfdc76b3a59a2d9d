import type { OverridePreview } from '../../server/governance/contract.ts'
import type { PlanContent } from '../../server/plan/contract.ts'
import { cn } from '../ui/class-names.ts'
import { FigureHead } from '../ui/figure-table.tsx'
import { formatMoney, formatPercent, formatQuantity, formatSigned } from '../ui/format.ts'

const rows: { name: string; show: (content: PlanContent) => string }[] = [
  {
    name: 'cost',
    show: ({ effect }) => formatMoney(effect.costChangePerHourUsd, { per: 'h', signed: true }),
  },
  { name: 'SLO risk', show: ({ effect }) => formatPercent(effect.sloRiskAfter) },
  {
    name: 'p99 at the peak',
    show: ({ effect }) =>
      effect.latencyP99MsAfter === null ? 'does not settle' : formatQuantity(effect.latencyP99MsAfter, 'ms'),
  },
  {
    name: 'carbon',
    show: ({ effect }) => `${formatSigned(effect.carbonChangeGPerHour / 1000, 2)}\u202fkg/h`,
  },
  {
    name: 'policy',
    show: ({ policyResults }) => {
      const failed = policyResults.filter((result) => !result.passed).length
      return failed === 0 ? `${policyResults.length} passed` : `${failed} failed`
    },
  },
]

/** The proposal and the person's own number side by side, line by line. */
export function OverrideComparison({
  proposed,
  preview,
  pending,
}: {
  proposed: PlanContent
  preview: OverridePreview | undefined
  pending: boolean
}) {
  return (
    <table className="w-full text-sm" aria-busy={pending}>
      <caption className="sr-only">The proposal beside the override</caption>
      <FigureHead columns={['effect', 'proposed', 'yours']} />
      <tbody>
        {rows.map(({ name, show }) => {
          const mine = preview ? show(preview.content) : '…'
          return (
            <tr key={name} className="h-7 border-b last:border-b-0">
              <th scope="row" className="text-left font-normal text-muted">
                {name}
              </th>
              <td className="num px-2 text-right text-muted">{show(proposed)}</td>
              <td
                className={cn(
                  'num px-2 text-right',
                  pending && 'text-faint',
                  mine !== show(proposed) && 'font-medium',
                )}
              >
                {mine}
              </td>
            </tr>
          )
        })}
        {preview?.riskUntilStart == null ? null : (
          <tr className="h-7 border-t">
            <th scope="row" className="text-left font-normal text-muted">
              SLO risk until it begins
            </th>
            <td className="num px-2 text-right text-muted">none</td>
            <td className="num px-2 text-right font-medium">{formatPercent(preview.riskUntilStart)}</td>
          </tr>
        )}
      </tbody>
    </table>
  )
}
