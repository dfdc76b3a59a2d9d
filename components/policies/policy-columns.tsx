import type { PolicyRow } from '../../server/governance/contract.ts'
import { Badge } from '../ui/badge.tsx'
import { RelativeTime } from '../ui/clock.tsx'
import type { Column } from '../ui/data-table.tsx'
import { formatMoney, formatPercent, NONE } from '../ui/format.ts'
import { formatDuration } from '../ui/time.ts'

type Policy = NonNullable<PolicyRow['policy']>

/** A column of a policy's own value; a dash while there is none. */
function valueColumn(
  id: string,
  header: string,
  show: (policy: Policy) => React.ReactNode,
  sortBy: (policy: Policy) => string | number,
): Column<PolicyRow> {
  return {
    id,
    header,
    align: 'right',
    sortBy: ({ policy }) => (policy ? sortBy(policy) : -1),
    cell: ({ policy }) => (policy ? show(policy) : <span className="text-faint">{NONE}</span>),
  }
}

export function policyColumns(onOpen: (id: string) => void): Column<PolicyRow>[] {
  return [
    {
      id: 'workload',
      header: 'workload',
      sortBy: ({ workload }) => workload.title,
      cell: ({ workload }) => (
        <button type="button" className="font-medium hover:underline" onClick={() => onOpen(workload.id)}>
          {workload.title}
        </button>
      ),
    },
    {
      id: 'version',
      header: 'version',
      align: 'right',
      sortBy: ({ policy }) => policy?.version ?? 0,
      cell: ({ policy }) => (policy ? policy.version : <Badge tone="wait">none yet</Badge>),
    },
    valueColumn(
      'replicas',
      'replicas',
      ({ minReplicas, maxReplicas }) => `${minReplicas} to ${maxReplicas}`,
      ({ maxReplicas }) => maxReplicas,
    ),
    valueColumn(
      'step',
      'at once',
      ({ maxStepUp, maxStepDown }) => `+${maxStepUp}, −${maxStepDown}`,
      ({ maxStepUp }) => maxStepUp,
    ),
    valueColumn(
      'cost',
      'cost limit',
      ({ costLimitPerHourUsd }) => formatMoney(costLimitPerHourUsd, { per: 'h' }),
      ({ costLimitPerHourUsd }) => costLimitPerHourUsd,
    ),
    valueColumn(
      'sensitivity',
      'surge from',
      ({ surgeProbability }) => formatPercent(surgeProbability),
      ({ surgeProbability }) => surgeProbability,
    ),
    valueColumn(
      'lead',
      'approval lead',
      ({ approvalLeadSeconds }) => formatDuration(approvalLeadSeconds),
      ({ approvalLeadSeconds }) => approvalLeadSeconds,
    ),
    {
      id: 'regions',
      header: 'regions',
      cell: ({ policy }) => (
        <span className="block max-w-[28ch] truncate">{policy?.allowedRegions.join(', ')}</span>
      ),
    },
    { id: 'level', header: 'automation', cell: ({ policy }) => policy?.automationLevel ?? null },
    {
      id: 'changed',
      header: 'changed',
      sortBy: ({ policy }) => policy?.createdAt ?? '',
      cell: ({ policy }) =>
        policy ? (
          <span title={policy.reason}>
            <RelativeTime at={policy.createdAt} /> by {policy.author}
          </span>
        ) : null,
    },
  ]
}
