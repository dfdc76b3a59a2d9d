import { quantileAt } from '../forecast/index.ts'
import { assess } from './assess.ts'
import type { ContentRequest } from './content-request.ts'
import type { Alternative, PlanInput } from './contract.ts'
import { leadsInSpan } from './timing.ts'

/** Quantiles that a cheaper and a safer plan would serve. */
const lessQuantile = 0.75
const moreQuantile = 0.99

/** "Do nothing" first, then a cheaper and a safer level where they differ from the proposal and from today. */
export function alternativesTo({ input, toReplicas }: ContentRequest): Alternative[] {
  const current = input.capacity.desiredReplicas
  const taken = new Set([current, toReplicas])
  const found: Alternative[] = [{ kind: 'do-nothing', label: 'Do nothing', ...assess(input, current) }]
  const offer = (kind: 'less' | 'more', replicas: number) => {
    if (replicas < 0 || taken.has(replicas)) return
    taken.add(replicas)
    found.push({ kind, label: `${current} → ${replicas} replicas`, ...assess(input, replicas) })
  }
  const less = Math.min(replicasFor(input, lessQuantile), toReplicas - 1)
  offer('less', Math.max(less, input.policy.minReplicas))
  const more = Math.max(replicasFor(input, moreQuantile), toReplicas + 1)
  offer('more', Math.min(more, input.policy.maxReplicas))
  return found
}

function replicasFor(input: PlanInput, quantile: number): number {
  const { forecast, capacity } = input
  const demand = Math.max(
    0,
    ...leadsInSpan(input).map(({ values }) => quantileAt(forecast.levels, values, quantile)),
  )
  return Math.ceil(demand / capacity.capacityPerReplica - 1e-9)
}
