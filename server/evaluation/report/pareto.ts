import { LatencyModel, type PolicySetup } from '../../plan/index.ts'
import type { ParetoPoint, ReplayPolicy } from '../contract.ts'
import { policies } from '../replay/policies/policies.ts'
import { type PolicyFactory, type Scene, simulate } from '../replay/simulate.ts'
import { latencyOf, type RunScores, scoresOf } from '../replay/summary.ts'

/** `scene`: the terms that it runs under. */
export type Setting = { policy: ReplayPolicy; setting: string; scene: Scene; make: PolicyFactory }

/** Terms of who waits for a person's approval, and of who orders at once. */
export type Scenes = { approved: Scene; atOnce: Scene }

const TARGETS = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
const PEAK_SHARES = [0.5, 0.75, 0.9, 0.99]
const RATIO_FACTORS = [1 / 4, 1 / 2, 2, 4]
/** The penalty must exceed the price. */
const LEAST_RATIO = 1.05

const percent = (share: number) => `${Number((100 * share).toFixed(1))}%`

/**
 * The baselines over their targets, and the product's own policy (`ours`; null leaves it out) over the penalty ratio and
 * without its approval; without the settings in force.
 */
export function settingsOf(scenes: Scenes, ours: PolicyFactory | null): Setting[] {
  const { atOnce: scene } = scenes
  const others = TARGETS.filter((target) => Math.abs(target - scene.targetUtilisation) > 1e-9)
  const over = (policy: 'hpa' | 'hpa-offered' | 'kpa', target: number): Setting => ({
    policy,
    setting: `target ${percent(target)}`,
    scene,
    make: (setup) => policies[policy]({ ...setup, targetUtilisation: target }),
  })
  return [
    ...(ours === null ? [] : [...ratiosOf(scenes.approved, ours), ...unapproved(scenes, ours)]),
    ...others.map((target) => over('hpa', target)),
    ...others.map((target) => over('hpa-offered', target)),
    ...others.map((target) => over('kpa', target)),
    ...PEAK_SHARES.map(
      (share): Setting => ({
        policy: 'static',
        setting: `${percent(share)} quantile`,
        scene,
        make: (setup) => constant(setup, share),
      }),
    ),
  ]
}

function ratiosOf(scene: Scene, ours: PolicyFactory): Setting[] {
  const { terms } = scene
  const ratio = terms.penaltyPerReplicaHourShort / terms.pricePerReplicaHour
  return RATIO_FACTORS.filter((factor) => factor * ratio > LEAST_RATIO).map((factor) => {
    const penaltyPerReplicaHourShort = factor * terms.penaltyPerReplicaHourShort
    return {
      policy: 'infrasage',
      setting: `p/κ ${Number((factor * ratio).toPrecision(3))}`,
      scene,
      make: (setup) => ours({ ...setup, terms: { ...setup.terms, penaltyPerReplicaHourShort } }),
    }
  })
}

/** What waiting for a person costs, seen from the other side. */
function unapproved({ approved, atOnce }: Scenes, ours: PolicyFactory): Setting[] {
  if (approved.terms.approvalDelaySeconds === 0) return []
  return [{ policy: 'infrasage', setting: 'without approval', scene: atOnce, make: ours }]
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
export function runSetting({ policy, setting, scene, make }: Setting): ParetoPoint {
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
