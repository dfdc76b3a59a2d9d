import type { Action, Control, Purpose } from './action.ts'
import type { RuleSet } from './rules.ts'

/** A workload as rules see it. */
export type RuleWorkload = {
  id: string
  name: string
  team: string
  environment: string
  dataClassification: string
  /** Median demand at its peak within the planned span, in units per second; null where none is forecast. */
  demandPerSecond: number | null
  /** Changes carried out in the past hour. */
  changesLastHour: number
  /** What this calendar month (UTC) has cost so far, and the usual cost of an hour, taken over the past week. */
  spentThisMonthUsd: number
  usualCostPerHourUsd: number
}

/** One pool as rules see it. `level` is its set-point as observed, in the unit of its control. */
export type RulePool = {
  poolId: string
  workloadId: string
  /** How a person tells it from the others: domain, hardware, market. */
  place: string
  control: Control
  market: 'on_demand' | 'spot' | 'reserved' | 'owned'
  jurisdiction: string
  securityTier: number
  /** Of one step of the level: a replica, a node, a warm instance. */
  pricePerHourUsd: number
  carbonGPerHour: number
  capacity: number
  level: number
  /** The level from which its price and its carbon are counted; absent: 0. */
  paidFrom?: number
  maxLevel: number
}

/**
 * All that rules are held against. `workloads` and `pools` hold what the actions touch and whatever shares a limit
 * with it; a pool that no action names stands at its level.
 */
export type RuleWorld = {
  now: string
  ruleSet: RuleSet
  workloads: RuleWorkload[]
  pools: RulePool[]
  /** How long what is added is planned to stay at least. */
  spanSeconds: number
}

/** What is judged: actions in stages, and why they belong together. */
export type RuledPlan = { actions: Action[]; purpose?: Purpose }

/** What a plan comes to, once all of it is done. Cost and carbon are those of the workloads it touches. */
export type PlanFigures = {
  /** Set-points by pool, for those that the plan changes. */
  levels: { poolId: string; place: string; fromReplicas: number; toReplicas: number }[]
  costPerHourUsd: number
  carbonGPerHour: number
  /** Null where no forecast tells it. */
  sloRisk: number | null
  latencyP99Ms: number | null
}

/** What one rule costs: the plan that would be made without it, and how it differs from the one made with it. */
export type RulePrice = {
  rule: string
  without: PlanFigures
  /** With minus without: what would be saved; negative where the rule saves. */
  savesUsdPerHour: number
  savesCarbonGPerHour: number
  /** Probability, and milliseconds; null where either plan has none. */
  savesSloRisk: number | null
  savesLatencyP99Ms: number | null
}

/** The closest plan that every mandatory rule and bound lets pass. */
export type NearestCompliant = {
  /** "12 → 15 on aster-eu-west, L40S", for a button. */
  label: string
  actions: Action[]
  figures: PlanFigures
  /** Share of the capacity that the plan would change, 0 to 1. */
  share: number
}

/** Where mandatory rules refuse a plan, or held it to less than was wanted. */
export type Compliance = {
  /** Names of the rules that refuse it or held it back. */
  rules: string[]
  nearest: NearestCompliant | null
  /** Where nothing complies: rules and bounds that all have to give way before anything can be done; none too many. */
  conflict: string[]
  prices: RulePrice[]
}
