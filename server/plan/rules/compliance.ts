import type { Action, Compliance, NearestCompliant, PlanFigures, RulePrice } from '../contract.ts'
import { conflictOf, keyOf, nearest, refusals, type Search } from './nearest.ts'

/** A plan's figures, for whatever actions the search comes upon. */
export type Figures = (actions: Action[]) => PlanFigures

/**
 * What stands against a plan, the nearest one that nothing stands against, and the price of each rule: the search is run
 * again without the rule, so the price is of the plan that would then be made. Undefined where nothing refuses it.
 */
export function complianceOf(search: Search, figures: Figures): Compliance | undefined {
  const rules = [...new Set(refusals(search.judge(search.wanted)).map(keyOf))]
  if (rules.length === 0) return undefined
  const found = nearestCompliant(search, figures)
  const made = found?.figures ?? figures([])
  return {
    rules,
    nearest: found,
    conflict: found ? [] : conflictOf(search),
    prices: rules.map((rule) =>
      priceOf(rule, made, figures(nearest(search, new Set([rule]))?.actions ?? [])),
    ),
  }
}

/** The nearest plan that nothing mandatory refuses, for people; null where only doing nothing complies. */
export function nearestCompliant(search: Search, figures: Figures): NearestCompliant | null {
  const found = nearest(search)
  if (found === null) return null
  const made = figures(found.actions)
  return { label: labelOf(made), actions: found.actions, figures: made, share: found.share }
}

/** What one rule costs, from the plan made under it and the one made without it. */
export function priceOf(rule: string, made: PlanFigures, without: PlanFigures): RulePrice {
  const saved = (a: number | null, b: number | null) => (a === null || b === null ? null : a - b)
  return {
    rule,
    without,
    savesUsdPerHour: made.costPerHourUsd - without.costPerHourUsd,
    savesCarbonGPerHour: made.carbonGPerHour - without.carbonGPerHour,
    savesSloRisk: saved(made.sloRisk, without.sloRisk),
    savesLatencyP99Ms: saved(made.latencyP99Ms, without.latencyP99Ms),
  }
}

function labelOf({ levels }: PlanFigures): string {
  return levels
    .map(({ place, fromReplicas, toReplicas }) => `${fromReplicas} → ${toReplicas} on ${place}`)
    .join(', ')
}
