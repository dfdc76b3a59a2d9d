import type { Advice, AdviceChart, Ground } from '../contract.ts'
import { quantile } from '../models/calibration/goodness.ts'
import { modelP99Ms } from '../models/queue.ts'
import { coldShare, instancesNeeded, type ServerlessTerms, warmFor } from './cold-starts.ts'
import {
  amount,
  confidenceIn,
  type DemandStep,
  demandSteps,
  mean,
  monthHours,
  monthly,
  percent,
  replicasFor,
  takenPerReplica,
  usd,
  usualPrice,
} from './figures.ts'
import { kindOf, type Option, type PoolSource } from './source.ts'

/** How long platforms usually keep an instance that nobody asks for. */
const keptSeconds = 600
/** A cold start that comes more rarely than this does not show in a p99. */
const unseenShare = 0.01

const title = 'Serverless or Kubernetes'

/**
 * Which is cheaper for this demand: replicas rented by the hour, or requests paid one by one with a few instances kept warm
 * such that p99 keeps the objective. Null for what is not requests, or has no alternative of the other kind.
 */
export function adviseServerless(source: PoolSource): Advice | null {
  const { workload, pool } = source
  const steps = demandSteps(source)
  if (workload.kind !== 'inference' || workload.unit !== 'req/s' || steps.length === 0) return null
  const own: Option = { domain: pool.domain, offering: pool.offering }
  const now = kindOf(pool)
  const serverless = now === 'serverless' ? own : cheapest(source.options)
  const instances =
    now === 'instances'
      ? own
      : source.options.find(
          ({ offering }) =>
            kindOf({ offering }) === 'instances' && offering.hardwareClass === pool.offering.hardwareClass,
        )
  if (serverless === undefined || instances === undefined) return withoutAlternative(now)
  const rented = costOfInstances(source, steps, instances)
  const paid = costOfServerless(source, steps, serverless)
  const [stay, go] = now === 'instances' ? [rented.perHour, paid.perHour] : [paid.perHour, rented.perHour]
  const saving = monthly(steps.map(({ atMs }, i) => ({ atMs, usd: (stay[i] ?? 0) - (go[i] ?? 0) })))
  const keeps = paid.p99Ms <= workload.objectiveP99Ms || now === 'serverless'
  const verdict = saving.low > 0 && keeps ? 'change' : 'keep'
  const there = now === 'instances' ? 'serverless' : 'Kubernetes'
  const place = (now === 'instances' ? serverless : instances).domain.title
  return {
    kind: 'serverless',
    title,
    verdict,
    summary:
      verdict === 'change'
        ? `Move to ${there} (${place}): the same requests would cost ${usd(mean(go) * monthHours)} a month instead of ${usd(mean(stay) * monthHours)}.`
        : `Stay: ${there} (${place}) would cost ${usd(mean(go) * monthHours)} a month against ${usd(mean(stay) * monthHours)} now` +
          `${keeps ? '' : ', and cold starts would break the objective'}.`,
    savingPerMonthUsd: saving,
    restsOn: [
      ...demandGrounds(steps, workload.unit),
      rented.perReplica,
      {
        label: 'Utilisation of the replicas',
        value: rented.utilisation * 100,
        unit: '%',
        source: 'measured',
      },
      ...paid.grounds,
      {
        label: 'Equal cost at a utilisation of',
        value: breakEven(rented, paid) * 100,
        unit: '%',
        source: 'computed',
      },
    ],
    ...confidenceIn(source, null),
    wrongWhen: [
      'Prices of the month to come differ, or requests grow heavier: one request is taken to cost the same whatever it asks.',
      `Instances that idle are kept for another time than ${keptSeconds / 60} minutes, or bursts within a step are sharper than chance makes them.`,
      'Replicas are kept for another reason than demand, for instance because a model takes long to load.',
    ],
    chart: chartOf(rented, paid),
  }
}

type Rented = ReturnType<typeof costOfInstances>
type Paid = ReturnType<typeof costOfServerless>

function cheapest(options: readonly Option[]): Option | undefined {
  return options
    .filter(({ offering }) => kindOf({ offering }) === 'serverless')
    .toSorted(
      (a, b) => (a.offering.pricePerMillionRequestsUsd ?? 0) - (b.offering.pricePerMillionRequestsUsd ?? 0),
    )[0]
}

function withoutAlternative(now: 'instances' | 'serverless'): Advice {
  const other = now === 'instances' ? 'serverless offering' : 'offering of instances of the same hardware'
  return {
    kind: 'serverless',
    title,
    verdict: 'unknown',
    summary: `No ${other} is declared that this workload may use, so there is nothing to compare with.`,
    savingPerMonthUsd: null,
    restsOn: [{ label: `Price of a ${other}`, value: null, unit: '$', source: 'declared' }],
    confidence: 'low',
    confidenceWhy: 'Nothing could be computed.',
    wrongWhen: [],
    chart: null,
  }
}

/** What replicas cost: as they were, or, where that was not measured or is another pool, as the demand needs them. */
function costOfInstances(source: PoolSource, steps: readonly DemandStep[], { offering }: Option) {
  const perReplica = takenPerReplica(source)
  const price = usualPrice(source, offering)
  const own = kindOf(source.pool) === 'instances'
  const replicas = steps.map(({ demand, ready }) =>
    own && ready !== null ? ready : replicasFor(demand, perReplica.value ?? 1, source.minReplicas),
  )
  const used = mean(steps.map(({ demand }) => demand)) / ((perReplica.value ?? 1) * (mean(replicas) || 1))
  return { perHour: replicas.map((count) => count * price), price, perReplica, utilisation: used }
}

/** Requests one by one, and as many warm instances as p99 needs. */
function costOfServerless(source: PoolSource, steps: readonly DemandStep[], { offering }: Option) {
  const { workload, pool } = source
  const coldSeconds = offering.coldStartSeconds ?? 0
  const alone = pool.model ? modelP99Ms(pool.model, 0, 1) : null
  const unloadedP99Ms = alone ?? workload.objectiveP99Ms / 2
  const serviceSeconds = pool.model?.kind === 'queue' ? pool.model.serviceSeconds : unloadedP99Ms / 1_000
  const terms: ServerlessTerms = {
    stepSeconds: workload.stepSeconds,
    serviceSeconds,
    concurrencyPerInstance: offering.concurrencyPerInstance ?? 1,
    keptSeconds,
  }
  const needed = instancesNeeded(steps, terms)
  const shows = unloadedP99Ms + coldSeconds * 1_000 > workload.objectiveP99Ms
  const warm = shows ? warmFor(steps, needed, unseenShare, terms) : 0
  const cold = coldShare(steps, needed, warm, terms)
  const perMillion = offering.pricePerMillionRequestsUsd ?? 0
  const warmUsd = warm * usualPrice(source, offering)
  const p99Ms = unloadedP99Ms + (cold > unseenShare ? coldSeconds * 1_000 : 0)
  const bare = coldShare(steps, needed, 0, terms)
  const grounds: Ground[] = [
    { label: 'A million requests cost', value: perMillion, unit: '$', source: 'declared' },
    { label: 'A cold start takes', value: coldSeconds, unit: 's', source: 'declared' },
    {
      label: 'Requests that would start cold with nothing kept warm',
      value: bare * 100,
      unit: '%',
      source: 'computed',
    },
    { label: 'Instances to keep warm for the objective', value: warm, unit: '', source: 'computed' },
    { label: 'p99 with cold starts', value: p99Ms, unit: 'ms', source: 'computed' },
    { label: 'An idle instance stays', value: keptSeconds / 60, unit: 'min', source: 'assumed' },
  ]
  const perHour = steps.map(({ demand }) => warmUsd + demand * 3_600 * (perMillion / 1e6))
  return { perHour, perMillion, warmUsd, p99Ms, grounds }
}

/** Utilisation of one replica at which its hour costs as much as its requests one by one. */
function breakEven({ price, perReplica }: Rented, { perMillion }: Paid): number {
  const perHour = (perReplica.value ?? 0) * 3_600 * (perMillion / 1e6)
  return perHour > 0 ? price / perHour : Number.POSITIVE_INFINITY
}

function demandGrounds(steps: readonly DemandStep[], unit: string): Ground[] {
  const demand = steps.map((step) => step.demand)
  const usual = mean(demand)
  const busiest = quantile(demand, 0.99)
  return [
    { label: 'Mean demand', value: usual, unit, source: 'measured' },
    {
      label: 'Burstiness: the busiest 1 % over the mean',
      value: usual > 0 ? busiest / usual : 0,
      unit: '×',
      source: 'measured',
    },
  ]
}

/** What a million requests cost over how busy a replica is. */
function chartOf(rented: Rented, paid: Paid): AdviceChart {
  const perMillion = (share: number) =>
    (rented.price / ((rented.perReplica.value ?? 1) * 3_600 * share)) * 1e6
  const shares = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
  const meet = breakEven(rented, paid)
  return {
    title: `A million requests, at ${amount(rented.price)} $/h for a replica`,
    x: { label: 'Utilisation of a replica', unit: '%' },
    y: { label: 'A million requests', unit: '$' },
    lines: [
      { label: 'Kubernetes', points: shares.map((share) => ({ x: share * 100, y: perMillion(share) })) },
      { label: 'Serverless', points: shares.map((share) => ({ x: share * 100, y: paid.perMillion })) },
    ],
    marks: [
      { label: `Now ${percent(rented.utilisation)}`, x: rented.utilisation * 100 },
      ...(meet <= 1 ? [{ label: 'Equal', x: meet * 100 }] : []),
    ],
  }
}
