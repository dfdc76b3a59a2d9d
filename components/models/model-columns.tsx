import type { BaseModelRow } from '../../server/governance/contract.ts'
import { Badge } from '../ui/badge.tsx'
import { RelativeTime } from '../ui/clock.tsx'
import type { Column } from '../ui/data-table.tsx'
import { formatNumber, NONE } from '../ui/format.ts'
import { BaseModelStateBadge } from '../ui/state-badge.tsx'
import { formatLossChange } from './words.ts'

const none = <span className="text-faint">{NONE}</span>

export function modelColumns(onOpen: (version: string) => void): Column<BaseModelRow>[] {
  return [
    {
      id: 'version',
      header: 'base',
      cell: ({ version }) => (
        <button type="button" className="num font-medium hover:underline" onClick={() => onOpen(version)}>
          {version}
        </button>
      ),
    },
    {
      id: 'state',
      header: 'state',
      sortBy: ({ state, live }) => `${live ? 0 : 1}${state}`,
      cell: ({ state, live }) => (
        <span className="flex items-center gap-1">
          {live ? <Badge tone="verified">live</Badge> : null}
          <BaseModelStateBadge state={state} />
        </span>
      ),
    },
    {
      id: 'test',
      header: 'forgetting test',
      sortBy: ({ passed, worst }) => (passed ? (worst?.change ?? -1) : 2),
      cell: ({ worst, passed }) =>
        worst === null ? (
          none
        ) : (
          <span className="flex items-center gap-2">
            <Badge tone={passed ? 'verified' : 'breach'}>{passed ? 'passed' : 'failed'}</Badge>
            <span className="text-muted">
              worst <span className="num">{formatLossChange(worst.change)}</span>, {worst.name}
            </span>
          </span>
        ),
    },
    {
      id: 'parent',
      header: 'made from',
      cell: ({ parent }) => (parent === null ? none : <span className="num">{parent}</span>),
    },
    {
      id: 'rows',
      header: 'rows learned',
      align: 'right',
      sortBy: ({ trainedRows }) => trainedRows,
      cell: ({ trainedRows }) => formatNumber(trainedRows, 0),
    },
    {
      id: 'made',
      header: 'made',
      sortBy: ({ createdAt }) => createdAt ?? '',
      cell: ({ createdAt }) => (createdAt === null ? 'with the product' : <RelativeTime at={createdAt} />),
    },
    {
      id: 'decided',
      header: 'decided',
      sortBy: ({ decidedAt }) => decidedAt ?? '',
      cell: ({ decidedAt }) => (decidedAt === null ? none : <RelativeTime at={decidedAt} />),
    },
  ]
}
