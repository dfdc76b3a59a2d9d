import type { LeadForecast } from '../forecast/contract.ts'
import type { PlanInput } from './contract.ts'

/** Telemetry older than this many steps is stale. */
const staleSteps = 3

/** Whether the newest sample of the demand signal is too old to take capacity away by. */
export function isStale({ now, lastSampleAt, workload }: PlanInput): boolean {
  if (lastSampleAt === null) return true
  // A sample stands at the start of its step, so a fresh one may be a step old.
  return Date.parse(now) - Date.parse(lastSampleAt) > (staleSteps + 1) * workload.stepSeconds * 1_000
}

/** How long people take to decide, nine times in ten: as learned, or as the policy declares. */
export function approvalLeadSeconds({ approval, policy }: Pick<PlanInput, 'approval' | 'policy'>): number {
  return approval?.p90Seconds ?? policy.approvalLeadSeconds
}

/** L_eff = provisioning lead (p90) + approval lead, in seconds. */
export function effectiveLeadSeconds(input: PlanInput): number {
  return input.capacity.offering.leadTimeP90Seconds + approvalLeadSeconds(input)
}

/**
 * How far ahead a change now must hold: until L_eff, and from there for as long as what is added stays, which is
 * the cooldown; at least one step.
 */
export function planningSpanSeconds(input: PlanInput): number {
  const hold = Math.max(input.policy.scaleDownCooldownSeconds, input.workload.stepSeconds)
  return effectiveLeadSeconds(input) + hold
}

/** Leads that lie after now. */
export function leadsAhead({ now, forecast }: PlanInput): LeadForecast[] {
  return leadsBetween(forecast.leads, Date.parse(now), Number.POSITIVE_INFINITY)
}

/** Leads that lie after now and within the planning span; all future leads where the horizon is shorter. */
export function leadsInSpan(input: PlanInput): LeadForecast[] {
  const now = Date.parse(input.now)
  const inside = leadsBetween(input.forecast.leads, now, now + planningSpanSeconds(input) * 1_000)
  return inside.length > 0 ? inside : leadsAhead(input).slice(0, 1)
}

/** Later than one time, and no later than the other. A plan asks often, and reading times is what that costs. */
function leadsBetween(leads: readonly LeadForecast[], afterMs: number, untilMs: number): LeadForecast[] {
  return leads.filter((lead) => {
    const at = Date.parse(lead.at)
    return at > afterMs && at <= untilMs
  })
}

/** The lead at L_eff from now, or the last one of a shorter horizon. */
export function plannedLead(input: PlanInput): number {
  const at = Date.parse(input.now) + effectiveLeadSeconds(input) * 1_000
  const { leads } = input.forecast
  return (leads.find((lead) => Date.parse(lead.at) >= at) ?? leads.at(-1))?.lead ?? 0
}
