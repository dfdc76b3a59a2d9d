import { servedQuantile } from './base-stock.ts'
import type { ContentRequest } from './content-request.ts'
import { planningSpanSeconds } from './timing.ts'

/** One line: what, where, why. */
export function summaryOf({ input, direction, toReplicas, surge }: ContentRequest): string {
  const { capacity, workload } = input
  const change = `${workload.name}: ${capacity.desiredReplicas} → ${toReplicas} replicas on ${capacity.domain.name}`
  if (direction === 'down') return `${change}, more than the forecast needs`
  if (surge === null) return `${change}, no surge forecast`
  return `${change}, ${percent(surge.probability)} surge at ${clock(surge.startsAt)}`
}

/** Plain sentences, most important first; every number stands in the evidence too. */
export function reasonsFor(request: ContentRequest, demandAtQuantile: number): string[] {
  const { input, direction, toReplicas, surge, cuts } = request
  const { capacity, policy, workload, forecast } = input
  const unit = workload.unit
  const reasons: string[] = []
  if (surge !== null) {
    reasons.push(
      `Demand is forecast to pass the ${amount(surge.capacity)} ${unit} of ${capacity.desiredReplicas} replicas at ${clock(surge.startsAt)} ` +
        `(${percent(surge.probability)} sure) and to peak near ${amount(surge.peakMedian)} ${unit} at ${clock(surge.peakAt)}.`,
    )
  }
  if (direction === 'down') {
    reasons.push(
      `Over the whole forecast, demand stays under ${amount(toReplicas * capacity.capacityPerReplica)} ${unit}, what ${toReplicas} replicas serve.`,
    )
  }
  const largest = forecast.contributions.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, 2)
  if (largest.length > 0) {
    const parts = largest.map(
      ({ label, value }) => `${label.toLowerCase()} ${value < 0 ? '−' : '+'}${amount(Math.abs(value))}`,
    )
    reasons.push(`Against the ordinary ${amount(forecast.baseline)} ${unit}: ${parts.join(', ')} ${unit}.`)
  }
  reasons.push(
    `${percent(servedQuantile(input))} of outcomes over the next ${span(planningSpanSeconds(input))} need at most ${amount(demandAtQuantile)} ${unit}; ` +
      `a replica-hour short counts ${amount(policy.penaltyRatio)} times an idle one.`,
  )
  if (direction === 'up') {
    reasons.push(
      `New capacity takes ${span(capacity.offering.leadTimeP50Seconds)} (p90 ${span(capacity.offering.leadTimeP90Seconds)}), and ` +
        `${span(policy.approvalLeadSeconds)} are left for people to decide.`,
    )
  }
  if (cuts.length > 0) reasons.push(`The level is held to ${toReplicas} by ${cuts.join(' and ')}.`)
  return reasons
}

function percent(share: number): string {
  if (share > 0.99) return 'over 99%'
  return `${Math.round(share * 100)}%`
}

function amount(value: number): string {
  return Number(value.toPrecision(3)).toString()
}

function clock(iso: string): string {
  return `${iso.slice(11, 16)} UTC`
}

function span(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return `${Number((seconds / 3_600).toFixed(1))} h`
}
