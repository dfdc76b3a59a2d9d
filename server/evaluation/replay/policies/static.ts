import { type CapacityPolicy, ceilTolerant, LatencyModel, type PolicySetup } from '../../../plan/index.ts'

const QUANTILE = 0.999

/** As many replicas as keep the objective at nearly the highest demand of the history, always. */
export function staticPeak({ history, terms }: PolicySetup): CapacityPolicy {
  const known = history.values
    .subarray(0, history.length)
    .filter((_, i) => history.gap[i] === 0)
    .sort()
  const peak = known[ceilTolerant(QUANTILE * known.length) - 1]
  if (peak === undefined) return { decide: () => null }
  const replicas = new LatencyModel(terms).replicasFor(peak, terms.minReplicas, terms.maxReplicas)
  return { decide: () => replicas, note: `n=${replicas}` }
}
