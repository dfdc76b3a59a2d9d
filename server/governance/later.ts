import type { PlanInput, RuleWorkload, RuleWorld } from '../plan/contract.ts'
import { monthOf } from '../plan/index.ts'
import type { World } from './reserved.ts'

const hourMs = 3_600_000

/**
 * The world at a later time: its prices, its power mix, its freezes, and what the month has cost by then at the usual rate. Telemetry is as
 * fresh then as it is now.
 */
export function asOf({ own, others, reserved }: World, at: string): World {
  const later = (input: PlanInput): PlanInput => {
    const by = Date.parse(at) - Date.parse(input.now)
    const moved = (moment: string | null) =>
      moment === null ? null : new Date(Date.parse(moment) + by).toISOString()
    return {
      ...input,
      now: at,
      lastSampleAt: moved(input.lastSampleAt),
      ...(input.rules ? { rules: rulesAt(input.rules, at) } : {}),
    }
  }
  return { own: later(own), others: others.map(later), reserved }
}

function rulesAt(rules: RuleWorld, at: string): RuleWorld {
  const month = monthOf(at).from.getTime()
  const sameMonth = Date.parse(rules.now) >= month
  const hours = (Date.parse(at) - Math.max(month, Date.parse(rules.now))) / hourMs
  const workload = (known: RuleWorkload): RuleWorkload => ({
    ...known,
    spentThisMonthUsd: (sameMonth ? known.spentThisMonthUsd : 0) + hours * known.usualCostPerHourUsd,
  })
  return { ...rules, now: at, workloads: rules.workloads.map(workload) }
}
