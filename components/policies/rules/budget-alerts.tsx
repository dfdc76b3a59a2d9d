import type { BudgetAlertView } from '../../../server/governance/contract.ts'
import { RelativeTime } from '../../ui/clock.tsx'
import { formatMoney } from '../../ui/format.ts'
import { Notice } from '../../ui/states.tsx'

/** Of each budget the highest mark that it reached this month, the gravest first; nothing where none did. */
export function BudgetAlerts({ alerts }: { alerts: readonly BudgetAlertView[] }) {
  const highest = new Map<string, BudgetAlertView>()
  for (const alert of alerts) {
    const key = `${alert.rule}/${alert.of}`
    const known = highest.get(key)
    if (!known || alert.at > known.at || (alert.at === known.at && alert.mark > known.mark))
      highest.set(key, alert)
  }
  const shown = [...highest.values()].sort((a, b) => b.mark - a.mark)
  return (
    <div className="flex flex-col gap-2 empty:hidden">
      {shown.map((alert) => (
        <Notice
          key={`${alert.rule}/${alert.of}`}
          tone={alert.mark === 100 ? 'breach' : 'wait'}
          title={`${alert.of} has spent ${alert.mark} % of this month’s budget`}
        >
          {formatMoney(alert.spentUsd)} of {formatMoney(alert.limitUsd)}, forecast{' '}
          {formatMoney(alert.monthEndUsd)} by the month’s end. Rule {alert.rule},{' '}
          <RelativeTime at={alert.at} />.
        </Notice>
      ))}
    </div>
  )
}
