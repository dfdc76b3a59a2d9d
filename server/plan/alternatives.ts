import { assess } from './assess.ts'
import { lessQuantile, moreQuantile, replicasAt } from './base-stock.ts'
import type { ContentRequest } from './content-request.ts'
import type { Alternative } from './contract.ts'

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
  const less = Math.min(replicasAt(input, lessQuantile), toReplicas - 1)
  offer('less', Math.max(less, input.policy.minReplicas))
  const more = Math.max(replicasAt(input, moreQuantile), toReplicas + 1)
  offer('more', Math.min(more, input.policy.maxReplicas))
  return found
}
