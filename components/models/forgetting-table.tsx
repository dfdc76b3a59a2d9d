import type { ForgettingGroup, ForgettingTest } from '../../server/forecast/contract.ts'
import { cn } from '../ui/class-names.ts'
import { formatNumber, formatPercent } from '../ui/format.ts'
import { ScrollAcross } from '../ui/scroll-across.tsx'
import { formatLossChange } from './words.ts'

const kinds: Record<ForgettingGroup['kind'], string> = {
  workload: 'Workloads, on rows of their past that were held out',
  anchor: 'Anchors: synthetic demand of each kind',
}

/** Loss of every group under the live base and under the candidate; groups that got worse first. */
export function ForgettingTable({ test }: { test: ForgettingTest }) {
  const groups = Map.groupBy(test.groups, ({ kind }) => kind)
  return (
    <div className="flex flex-col gap-4">
      <p className="text-muted">
        Mean pinball loss on rows that neither base was trained on, in units of each row’s own uncertainty.
        Less is better. No group may be worse by more than{' '}
        <span className="num">{formatPercent(test.allowedWorse)}</span>.
      </p>
      {(['workload', 'anchor'] as const).map((kind) => {
        const rows = groups.get(kind) ?? []
        return rows.length === 0 ? null : <Groups key={kind} title={kinds[kind]} rows={rows} test={test} />
      })}
    </div>
  )
}

function Groups({
  title,
  rows,
  test,
}: {
  title: string
  rows: readonly ForgettingGroup[]
  test: ForgettingTest
}) {
  const head = 'eyebrow h-7 pl-2 text-right'
  return (
    <ScrollAcross label={title}>
      <table className="w-full text-sm">
        <caption className="pb-1 text-left font-medium">{title}</caption>
        <thead>
          <tr className="border-b">
            <th scope="col" className="eyebrow h-7 text-left">
              group
            </th>
            <th scope="col" className={cn(head, 'hidden sm:table-cell')}>
              rows
            </th>
            <th scope="col" className={head}>
              loss now
            </th>
            <th scope="col" className={head}>
              candidate
            </th>
            <th scope="col" className={head}>
              change
            </th>
          </tr>
        </thead>
        <tbody>
          {rows
            .toSorted((a, b) => Number(b.judged) - Number(a.judged) || b.change - a.change)
            .map((group) => (
              <GroupRow key={group.name} group={group} allowedWorse={test.allowedWorse} />
            ))}
        </tbody>
      </table>
    </ScrollAcross>
  )
}

function GroupRow({ group, allowedWorse }: { group: ForgettingGroup; allowedWorse: number }) {
  const { name, rows, current, candidate, change, judged } = group
  const forgot = judged && change > allowedWorse
  return (
    <tr className="border-b last:border-b-0">
      <th scope="row" className="py-1.5 text-left font-normal">
        {name}
      </th>
      <td className="num hidden py-1.5 pl-2 text-right text-muted sm:table-cell">{formatNumber(rows, 0)}</td>
      <td className="num py-1.5 pl-2 text-right">{rows > 0 ? formatNumber(current, 4) : ''}</td>
      <td className="num py-1.5 pl-2 text-right">{rows > 0 ? formatNumber(candidate, 4) : ''}</td>
      <td className={cn('py-1.5 pl-2 text-right', forgot && 'font-medium text-breach')}>
        {judged ? (
          <>
            <span className="num">{formatLossChange(change)}</span>
            {forgot ? ' forgot' : ''}
          </>
        ) : (
          <span className="text-muted">too few rows</span>
        )}
      </td>
    </tr>
  )
}
