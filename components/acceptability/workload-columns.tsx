import type { Acceptability, Rate } from '../../server/evaluation/contract.ts'
import type { Column } from '../ui/data-table.tsx'
import { formatNumber } from '../ui/format.ts'
import { countText, rateText, timeText } from './words.ts'

type Row = Acceptability['byWorkload'][number]

const rate = (id: string, header: string, of: (row: Row) => Rate): Column<Row> => ({
  id,
  header,
  align: 'right',
  sortBy: (row) => of(row).rate ?? -1,
  cell: (row) => <span title={countText(of(row))}>{rateText(of(row))}</span>,
})

/** One workload a line; a share says on hover what it is of. */
export const workloadColumns: Column<Row>[] = [
  {
    id: 'workload',
    header: 'workload',
    sortBy: ({ workload }) => workload.title,
    cell: ({ workload }) => <span className="font-medium">{workload.title}</span>,
  },
  { id: 'ended', header: 'ended', align: 'right', sortBy: ({ ended }) => ended, cell: ({ ended }) => ended },
  {
    id: 'p50',
    header: 'half decided within',
    align: 'right',
    sortBy: ({ timeToDecideSeconds }) => timeToDecideSeconds?.p50 ?? -1,
    cell: (row) => timeText(row, 'p50'),
  },
  rate('approved', 'approved', ({ approved }) => approved),
  rate('overridden', 'overridden', ({ overridden }) => overridden),
  rate('rejected', 'rejected', ({ rejected }) => rejected),
  rate('expired', 'expired', ({ expired }) => expired),
  rate('regretted', 'regretted', ({ regretted }) => regretted),
  {
    id: 'alarms',
    header: 'false alarms a week',
    align: 'right',
    sortBy: ({ falseAlarmsPerWeek }) => falseAlarmsPerWeek,
    cell: ({ falseAlarms, falseAlarmsPerWeek }) => (
      <span title={countText(falseAlarms)}>{formatNumber(falseAlarmsPerWeek)}</span>
    ),
  },
]
