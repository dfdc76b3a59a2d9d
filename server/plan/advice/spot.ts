import type { Advice } from '../contract.ts'
import { reworkOf, spotCost } from '../models/spot.ts'
import { confidenceIn, mean, monthly, percent, usd, usualPrice } from './figures.ts'
import { kindOf, type Option, type PoolSource } from './source.ts'

/** Interruptions come together: of what answers people, this much at the most stands where it can be taken away. */
const mostShare = { inference: 0.5, batch: 1, training: 1 } as const
const title = 'Spot capacity'

/**
 * Whether this work can stand where it may be taken away: the saving against rework, the wait for the next replica, and what
 * being short costs meanwhile. Null for owned capacity, which is paid for anyway, and for serverless.
 */
export function adviseSpot(source: PoolSource): Advice | null {
  const { pool, workload } = source
  const { offering } = pool
  if (offering.market === 'owned' || offering.market === 'reserved' || kindOf(pool) === 'serverless')
    return null
  const onSpot = offering.market === 'spot'
  const same = (market: string) =>
    source.options
      .filter(
        (option) =>
          option.offering.hardwareClass === offering.hardwareClass && kindOf(option) === 'instances',
      )
      .filter((option) => option.offering.market === market)
      .toSorted((a, b) => usualPrice(source, a.offering) - usualPrice(source, b.offering))[0]
  const spot: Option | undefined = onSpot ? { domain: pool.domain, offering } : same('spot')
  const firm: Option | undefined = onSpot ? same('on_demand') : { domain: pool.domain, offering }
  if (spot === undefined || firm === undefined) return withoutOther(onSpot, offering.hardwareClass)
  const rework = reworkOf(workload)
  const share = mostShare[workload.kind]
  const firmPrice = usualPrice(source, firm.offering)
  const listPrice = usualPrice(source, spot.offering)
  const lead = spot.offering.leadTimeP50Seconds
  const terms = {
    pricePerReplicaHourUsd: listPrice,
    interruptionRatePerHour: spot.offering.interruptionRatePerHour ?? 0,
    reworkSeconds: rework.seconds,
    leadTimeSeconds: lead,
  }
  const { pricePerUsefulHourUsd, shortShare } = spotCost(terms)
  // Work that waits is made up for later; requests that find too little are what a replica short costs.
  const shortUsd = workload.kind === 'inference' ? shortShare * (source.penaltyRatio - 1) * firmPrice : 0
  const spotUsd = pricePerUsefulHourUsd + shortUsd
  const perHour = source.steps.flatMap(({ atMs, readyReplicas }) =>
    readyReplicas === null ? [] : [{ atMs, usd: readyReplicas * share * (firmPrice - spotUsd) }],
  )
  const saving = Number.isFinite(spotUsd) && perHour.length > 0 ? monthly(perHour) : null
  const cheaper = firmPrice > spotUsd
  const worth = onSpot ? !cheaper : cheaper && (saving === null || saving.high > 0)
  const signed = saving && onSpot ? { low: -saving.high, high: -saving.low } : saving
  return {
    kind: 'spot',
    title,
    verdict: worth ? 'change' : 'keep',
    summary: summaryOf(onSpot, cheaper, share, firmPrice, spotUsd, spot.domain.title),
    savingPerMonthUsd: signed,
    restsOn: [
      { label: 'On-demand price', value: firmPrice, unit: '$/h', source: 'declared' },
      { label: 'Spot price', value: listPrice, unit: '$/h', source: 'declared' },
      {
        label: 'Taken away, per replica and hour',
        value: terms.interruptionRatePerHour * 100,
        unit: '%',
        source: 'declared',
      },
      {
        label: 'Work lost each time',
        value: rework.seconds / 60,
        unit: 'min',
        source: rework.assumed ? 'assumed' : 'declared',
      },
      {
        label: 'Until the next replica is ready',
        value: lead,
        unit: 's',
        source: spot.offering.lead ? 'measured' : 'declared',
      },
      {
        label: 'Spot price of an hour that counts',
        value: finite(pricePerUsefulHourUsd),
        unit: '$/h',
        source: 'computed',
      },
      { label: 'What being short costs', value: shortUsd, unit: '$/h', source: 'computed' },
      { label: 'Share that may stand on spot', value: share * 100, unit: '%', source: 'assumed' },
      {
        label: 'Ready replicas, mean',
        value: mean(source.steps.flatMap((step) => step.readyReplicas ?? [])),
        unit: '',
        source: 'measured',
      },
    ],
    ...confidenceIn(
      source,
      rework.assumed && workload.kind !== 'inference' ? 'what an interruption costs is assumed' : null,
    ),
    wrongWhen: [
      'Many replicas are taken at once: the rate counts them one by one.',
      'Spot cannot be had when demand is high everywhere, which is when it is needed.',
      ...(workload.kind === 'training'
        ? ['The job cannot go on from a checkpoint with other replicas.']
        : []),
    ],
    chart: null,
  }
}

const finite = (value: number) => (Number.isFinite(value) ? value : null)

function summaryOf(
  onSpot: boolean,
  cheaper: boolean,
  share: number,
  firmPrice: number,
  spotUsd: number,
  place: string,
): string {
  const counts = Number.isFinite(spotUsd)
    ? `an hour of work that counts costs ${usd(spotUsd)} there, interruptions included, against ${usd(firmPrice)}`
    : 'interruptions would eat all of the work'
  if (onSpot)
    return cheaper ? `Spot suits this work: ${counts} on demand.` : `Leave spot: ${counts} on demand.`
  return cheaper
    ? `Up to ${percent(share)} of it could stand on spot (${place}): ${counts} now.`
    : `Spot (${place}) does not pay: ${counts} now.`
}

function withoutOther(onSpot: boolean, hardwareClass: string): Advice {
  const other = onSpot ? 'on-demand' : 'spot'
  return {
    kind: 'spot',
    title,
    verdict: 'unknown',
    summary: `No ${other} offering of ${hardwareClass} is declared that this workload may use.`,
    savingPerMonthUsd: null,
    restsOn: [{ label: `Price of ${hardwareClass}, ${other}`, value: null, unit: '$/h', source: 'declared' }],
    confidence: 'low',
    confidenceWhy: 'Nothing could be computed.',
    wrongWhen: [],
    chart: null,
  }
}
