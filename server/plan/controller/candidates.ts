import type { PoolTerms } from '../dynamics/terms.ts'
import { stepsIn, stepsToReady } from '../dynamics/terms.ts'
import { ExpectedNeed } from './expected-need.ts'
import { LevelControl } from './level-control.ts'
import { highestQuantile, replicasFor } from './quantile-replicas.ts'
import type { DemandQuantiles } from './state.ts'

/** What a rule that plans from a forecast decides by. */
export type PlannedView = { forecast: DemandQuantiles; position: number; need: ExpectedNeed }

type Common = { name: string; label: string; prior: number }
/** One way to run a pool. */
export type Candidate = Common &
  (
    | { kind: 'reactive'; target: number; stabilisationSeconds: number }
    | { kind: 'planned'; desired: (view: PlannedView) => number }
  )

const TARGETS = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
const STABILISATIONS_SECONDS = [60, 300, 900]
/** Autoscalers are what runs without a plan: before there is evidence they have this many times the say of another kind. */
const INCUMBENT = 3
/** What the penalty is multiplied by: a forecast is never quite calibrated, and what is learned later is worth something. */
const PENALTY_FACTORS = [0.35, 0.5, 0.7, 1, 1.4, 2]
/** Quantile to order up to, quantile to come down to, and leads beyond the planned one that a fall looks at. */
const BASE_STOCKS = [
  [0.75, 0.9, 3],
  [0.75, 0.95, 3],
  [0.9, 0.95, 0],
  [0.95, 0.95, 3],
  [0.95, 0.975, 0],
  [0.9, 0.99, 3],
  [0.975, 0.99, 3],
  [0.99, 0.99, 0],
  [0.99, 0.995, 3],
] as const
/** Expected shortfall of the last replica decides, so half of one may be missing at a quantile. */
const FORGIVEN = 0.5

/** Leads that a forecast for `terms` should have: up to an order that is made one step later is ready. */
export const leadsNeeded = (terms: PoolTerms): number => stepsToReady(terms, 0) + 2

/** The candidates of a pool whose lead time is always the same. */
export function candidatesOf(terms: PoolTerms): Candidate[] {
  const reactive = TARGETS.flatMap((target) =>
    STABILISATIONS_SECONDS.map((stabilisationSeconds): Candidate => {
      return {
        kind: 'reactive',
        name: `hpa-${target}-${stabilisationSeconds}`,
        label: `an autoscaler at ${Math.round(target * 100)}% utilisation, ${stabilisationSeconds} s before it scales in`,
        prior: INCUMBENT / (TARGETS.length * STABILISATIONS_SECONDS.length),
        target,
        stabilisationSeconds,
      }
    }),
  )
  return [...reactive, ...levelCandidates(terms), ...baseStockCandidates(terms)]
}

function levelCandidates(terms: PoolTerms): Candidate[] {
  const { stepSeconds, pricePerReplicaHour, minReplicas, maxReplicas } = terms
  const stepPrice = (pricePerReplicaHour * stepSeconds) / 3600
  const waiting = stepsToReady(terms, 0) - stepsIn(terms.approvalDelaySeconds, stepSeconds)
  return PENALTY_FACTORS.map((factor): Candidate => {
    const levelTerms = {
      stepsToReady: stepsToReady(terms, 0),
      startCost: waiting + terms.startCost / stepPrice,
      stopCost: stepsIn(terms.removeDelaySeconds, stepSeconds) + terms.removeCost / stepPrice,
      penalty: (factor * terms.penaltyPerReplicaHourShort) / pricePerReplicaHour,
    }
    const control = new LevelControl(levelTerms, leadsNeeded(terms))
    return {
      kind: 'planned',
      name: `level-${factor}`,
      label: `each replica weighed on its own, at ${factor} times the penalty`,
      prior: 1 / PENALTY_FACTORS.length,
      desired: ({ position, need }) => control.desired(need, position, minReplicas, maxReplicas),
    }
  })
}

function baseStockCandidates(terms: PoolTerms): Candidate[] {
  const unit = unitOf(terms)
  const lead = stepsToReady(terms, 0) + 1
  return BASE_STOCKS.map(([up, down, extra]): Candidate => {
    return {
      kind: 'planned',
      name: `stock-${up}-${down}-${extra}`,
      label: `up to the ${up * 100}% quantile of demand, down to the ${down * 100}% one`,
      prior: 1 / BASE_STOCKS.length,
      desired: ({ forecast: { levels, leads }, position }) => {
        const at = leads.slice(Math.min(lead, leads.length) - 1, lead)
        const low = replicasFor(highestQuantile(levels, at, up), unit, FORGIVEN)
        const high = replicasFor(highestQuantile(levels, leads.slice(0, lead + extra), down), unit, FORGIVEN)
        return Math.max(low, Math.min(position, Math.max(low, high)))
      },
    }
  })
}

/** Demand that a ready replica counts for before anything is short. */
export const unitOf = ({ capacityPerReplica, shortfallUtilisation }: PoolTerms): number =>
  capacityPerReplica * shortfallUtilisation

/** What a rule that plans reads a forecast through. */
export const needOf = (terms: PoolTerms): ExpectedNeed => new ExpectedNeed(leadsNeeded(terms), unitOf(terms))
