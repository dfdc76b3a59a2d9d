import type { StatefulAuthorizationCall } from '@cedar-policy/cedar-wasm/nodejs'
import { type WrittenFacts, weekdays } from '../../contract.ts'

/** An unremarkable action, from which each test says how it differs. */
export const usualChange: Required<WrittenFacts> = {
  action: 'scale',
  workload: 'any',
  team: 'any',
  environment: 'production',
  dataClassification: 'internal',
  purpose: 'capacity',
  from: 4,
  to: 5,
  market: 'on_demand',
  jurisdiction: 'EU',
  securityTier: 3,
  extraUsdPerHour: 1,
  extraCarbonGPerHour: 100,
  changesLastHour: 0,
  spentThisMonthUsd: 0,
  // A Monday.
  at: '2026-03-02T12:00:00.000Z',
}

/** Cedar's decimals have four digits after the point. */
const decimal = (value: number) => ({ __extn: { fn: 'decimal', arg: value.toFixed(4) } })

/** The question that Cedar is asked about one action. */
export function requestOf(
  facts: Required<WrittenFacts>,
): Pick<StatefulAuthorizationCall, 'principal' | 'action' | 'resource' | 'context' | 'entities'> {
  const { action, workload, team, environment, dataClassification, at, from, to, ...rest } = facts
  const resource = { type: 'InfraSage::Workload', id: workload }
  const moment = new Date(at)
  return {
    principal: { type: 'InfraSage::Plan', id: 'plan' },
    action: { type: 'InfraSage::Action', id: action },
    resource,
    context: {
      ...rest,
      ...{ from, to, change: to - from },
      extraUsdPerHour: decimal(rest.extraUsdPerHour),
      extraCarbonGPerHour: decimal(rest.extraCarbonGPerHour),
      spentThisMonthUsd: decimal(rest.spentThisMonthUsd),
      at: { __extn: { fn: 'datetime', arg: moment.toISOString() } },
      hourUtc: moment.getUTCHours(),
      // The week of `weekdays` begins on Monday, that of dates on Sunday.
      weekdayUtc: weekdays[(moment.getUTCDay() + 6) % 7] ?? 'mon',
    },
    entities: [
      { uid: resource, attrs: { name: workload, team, environment, dataClassification }, parents: [] },
    ],
  }
}
