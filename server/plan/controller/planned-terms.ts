import type { PoolTerms } from '../dynamics/terms.ts'

/** Share of lead times that a plan counts on. */
const PLANNED_LEAD = 0.75

/**
 * The terms with one lead time in the place of a distribution: what a draw will be is not known when an order is weighed,
 * and candidates must not learn it from their own orders either.
 */
export function plannedTerms(terms: PoolTerms): PoolTerms {
  return { ...terms, leadTimeSeconds: plannedLeadSeconds(terms.leadTimeSeconds) }
}

function plannedLeadSeconds(lead: PoolTerms['leadTimeSeconds']): number {
  if (typeof lead === 'number') return lead
  const at = PLANNED_LEAD * (lead.length - 1)
  const low = lead[Math.floor(at)] ?? 0
  return low + (at - Math.floor(at)) * ((lead[Math.ceil(at)] ?? low) - low)
}
