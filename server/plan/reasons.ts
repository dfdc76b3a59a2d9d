import { sentences } from '../forecast/index.ts'
import type { ContentRequest } from './content-request.ts'
import { replicasFor } from './controller/quantile-replicas.ts'
import { amount, clock, percent, quantileSentence, span, surgeSentence } from './sentences.ts'
import { approvalLeadSeconds } from './timing.ts'

/** One line: what, where, why. */
export function summaryOf({ input, direction, toReplicas, surge }: ContentRequest): string {
  const { capacity, workload } = input
  const change = `${workload.name}: ${capacity.desiredReplicas} → ${toReplicas} replicas on ${capacity.domain.name}`
  if (isReactive(input)) return `${change}, as the autoscaler asks, which is in control`
  if (direction === 'down') return `${change}, more than the forecast needs`
  if (surge === null) return `${change}, no surge forecast`
  return `${change}, ${percent(surge.probability)} surge at ${clock(surge.startsAt)}`
}

/** Plain sentences, most important first; every number stands in the evidence too. */
export function reasonsFor(request: ContentRequest, demandAtQuantile: number): string[] {
  const { input, direction, toReplicas, wanted, advised, surge, cuts } = request
  const { capacity, workload, forecast } = input
  const unit = workload.unit
  const reasons: string[] = []
  if (input.controller && isReactive(input)) reasons.push(input.controller.guard.reason)
  if (surge !== null) {
    reasons.push(surgeSentence(surge, unit, `${capacity.desiredReplicas} replicas`))
  }
  if (direction === 'down' && !isReactive(input)) {
    reasons.push(
      `Over the whole forecast, demand stays under ${amount(toReplicas * capacity.capacityPerReplica)} ${unit}, what ${toReplicas} replicas serve.`,
    )
  }
  if (forecast.contributions.length > 0) {
    reasons.push(sentences(forecast.contributions, forecast.baseline, unit).join(' '))
  }
  reasons.push(quantileSentence(input, demandAtQuantile))
  if (advised === true) {
    reasons.push(
      `By what each way to run this pool would have cost lately, ${wanted} replicas are asked for instead of the ${replicasFor(demandAtQuantile, capacity.capacityPerReplica)} of that quantile.`,
    )
  }
  if (direction === 'up') {
    reasons.push(
      `New capacity takes ${span(capacity.offering.leadTimeP50Seconds)} (p90 ${span(capacity.offering.leadTimeP90Seconds)}), and ` +
        `${span(approvalLeadSeconds(input))} are left for people to decide${fromDecisions(input)}.`,
    )
  }
  if (cuts.length > 0) reasons.push(`The level is held to ${toReplicas} by ${cuts.join(' and ')}.`)
  return reasons
}

/** Whether plans cost too much lately, so that the autoscaler in the shadow decides the level. */
function isReactive({ controller }: ContentRequest['input']): boolean {
  return controller?.guard.control === 'reactive'
}

function fromDecisions({ approval }: ContentRequest['input']): string {
  if (approval === undefined) return ''
  return `, as ${approval.observations} ${approval.observations === 1 ? 'decision' : 'decisions'} so far suggest`
}
