import type { Surge } from '../forecast/contract.ts'
import { sentences } from '../forecast/index.ts'
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
      `Demand is forecast to pass the ${amount(surge.capacity)} ${unit} of ${capacity.desiredReplicas} replicas ` +
        `(${percent(surge.probability)} sure; ${whenAndHowLong(surge)}) ` +
        `and to peak near ${amount(surge.peakMedian)} ${unit} at ${clock(surge.peakAt)}.`,
    )
  }
  if (direction === 'down') {
    reasons.push(
      `Over the whole forecast, demand stays under ${amount(toReplicas * capacity.capacityPerReplica)} ${unit}, what ${toReplicas} replicas serve.`,
    )
  }
  if (forecast.contributions.length > 0) {
    reasons.push(sentences(forecast.contributions, forecast.baseline, unit).join(' '))
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

/** "onset 14:05–14:15 UTC, lasts 10 min – 25 min": eight in ten of the paths that pass; from the single leads, the start alone. */
function whenAndHowLong({ startsAt, onset, lengthSeconds, openShare }: Surge): string {
  if (onset === null || lengthSeconds === null) return `from ${clock(startsAt)}`
  const hours = (iso: string) => iso.slice(11, 16)
  const from = hours(onset.p10)
  const to = hours(onset.p90)
  const start = from === to ? clock(onset.p50) : `${from}–${to} UTC`
  // What is still above at the last lead was cut off there, so its length is only a least one.
  if ((openShare ?? 0) > 0.5) return `onset ${start}, lasts at least ${span(lengthSeconds.p10)}`
  const shortest = span(lengthSeconds.p10)
  const longest = span(lengthSeconds.p90)
  return `onset ${start}, lasts ${shortest === longest ? shortest : `${shortest} – ${longest}`}`
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
  const rest = Math.round(seconds) % 60
  if (seconds < 300 && rest > 0) return `${Math.floor(seconds / 60)} min ${rest} s`
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`
  return `${Number((seconds / 3_600).toFixed(1))} h`
}
