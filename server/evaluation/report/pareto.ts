import { LatencyModel, type PolicySetup } from '../../plan/index.ts'
import type { ParetoPoint, ReplayPolicy } from '../contract.ts'
import { DEFAULT_STABILISATION_SECONDS, Hpa } from '../replay/policies/hpa.ts'
import { policies } from '../replay/policies/policies.ts'
import { type PolicyFactory, type Scene, simulate } from '../replay/simulate.ts'
import { latencyOf, type RunScores, scoresOf } from '../replay/summary.ts'

export type Setting = { policy: ReplayPolicy; setting: string; make: PolicyFactory }

const TARGETS = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
const PEAK_SHARES = [0.5, 0.75, 0.9, 0.99, 0.999]
const RATIO_FACTORS = [1 / 4, 1 / 2, 2, 4]
/** The penalty must exceed the price. */
const LEAST_RATIO = 1.05

const percent = (share: number) => `${Number((100 * share).toFixed(1))}%`

/**
 * The baselines over their targets, and the product's own policy (`ours`; null leaves it out) over the penalty ratio; without
 * the setting in force.
 */
export function settingsOf({ terms, targetUtilisation }: Scene, ours: PolicyFactory | null): Setting[] {
  const others = TARGETS.filter((target) => Math.abs(target - targetUtilisation) > 1e-9)
  const over = (policy: 'hpa' | 'hpa-offered', target: number): Setting => ({
    policy,
    setting: `target ${percent(target)}`,
    make: (setup) =>
      new Hpa(setup, {
        metric: policy === 'hpa' ? 'processed' : 'offered',
        target,
        stabilisationSeconds: DEFAULT_STABILISATION_SECONDS,
      }),
  })
  return [
    ...(ours === null ? [] : ratiosOf(terms, ours)),
    ...others.map((target) => over('hpa', target)),
    ...others.map((target) => over('hpa-offered', target)),
    ...others.map(
      (target): Setting => ({
        policy: 'kpa',
        setting: `target ${percent(target)}`,
        make: (setup) => policies.kpa({ ...setup, targetUtilisation: target }),
      }),
    ),
    ...PEAK_SHARES.slice(0, -1).map(
      (share): Setting => ({
        policy: 'static',
        setting: `${percent(share)} quantile`,
        make: (setup) => constant(setup, share),
      }),
    ),
  ]
}

function ratiosOf(terms: Scene['terms'], ours: PolicyFactory): Setting[] {
  const ratio = terms.penaltyPerReplicaHourShort / terms.pricePerReplicaHour
  return RATIO_FACTORS.filter((factor) => factor * ratio > LEAST_RATIO).map((factor) => {
    const penaltyPerReplicaHourShort = factor * terms.penaltyPerReplicaHourShort
    return {
      policy: 'infrasage',
      setting: `p/κ ${Number((factor * ratio).toPrecision(3))}`,
      make: (setup) => ours({ ...setup, terms: { ...setup.terms, penaltyPerReplicaHourShort } }),
    }
  })
}

/** As many replicas as keep the objective at a quantile of the demand before the window. */
function constant({ history, terms }: PolicySetup, share: number) {
  const known = history.values.slice(0, history.length).sort()
  const demand = known[Math.ceil(share * known.length) - 1]
  if (demand === undefined) return { decide: () => null }
  const replicas = new LatencyModel(terms).replicasFor(demand, terms.minReplicas, terms.maxReplicas)
  return { decide: () => replicas }
}

export function pointOf(
  policy: ReplayPolicy,
  setting: string,
  inForce: boolean,
  scores: RunScores,
): ParetoPoint {
  const { infraCost, churnCost, totalCost, p99Seconds, violationShareDemand } = scores
  return {
    policy,
    setting,
    paidCostUsd: infraCost + churnCost,
    totalCostUsd: totalCost,
    latencyP99Ms: 1_000 * p99Seconds,
    violationShareDemand,
    inForce,
    efficient: false,
  }
}

/** One setting, run and scored. */
export function runSetting(scene: Scene, { policy, setting, make }: Setting): ParetoPoint {
  const { accounts } = simulate(scene, make)
  return pointOf(policy, setting, false, scoresOf(scene, accounts, latencyOf(scene, accounts)))
}

/** Marks the points that no other point of a policy without foresight is better than. */
export function markEfficient(points: readonly ParetoPoint[]): ParetoPoint[] {
  const possible = points.filter(({ policy }) => policy !== 'clairvoyant' && policy !== 'clairvoyant-slo')
  return points.map((point) => ({
    ...point,
    efficient:
      possible.includes(point) &&
      !possible.some(
        (other) =>
          other.paidCostUsd <= point.paidCostUsd &&
          other.latencyP99Ms <= point.latencyP99Ms &&
          (other.paidCostUsd < point.paidCostUsd || other.latencyP99Ms < point.latencyP99Ms),
      ),
  }))
}
