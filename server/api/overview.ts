import type { TargetView } from '../dispatch/contract.ts'
import { listTargets } from '../dispatch/index.ts'
import { latestForecasts, passProbability, quantileAt, type StoredForecast } from '../forecast/index.ts'
import type { PolicyVersion, ProposalRow } from '../governance/contract.ts'
import { budgetAlerts, countProposals, heldRise, listPolicies, listProposals } from '../governance/index.ts'
import type { Context } from '../kernel/context.ts'
import { serves } from '../plan/contract.ts'
import type { Freshness, SignalPoint, WorkloadView } from '../telemetry/contract.ts'
import { freshness, listWorkloads, readSignal } from '../telemetry/index.ts'
import type { Overview, OverviewWorkload } from './contract.ts'

const inboxRows = 8
const recentMs = 3 * 3_600_000
const recentPoints = 90

/** What is coming, what waits and until when, and spend against its bounds. */
export async function readOverview({ ctx }: { ctx: Context }): Promise<Overview> {
  const [workloads, ages, targets, policies, forecasts, waiting, counted, alerts] = await Promise.all([
    listWorkloads({ ctx }),
    freshness({ ctx }),
    listTargets({ ctx }),
    listPolicies({ ctx }),
    latestForecasts({ ctx }),
    listProposals({ ctx, input: { state: ['waiting'], sort: 'waitingCost', limit: 200 } }),
    countProposals({ ctx }),
    budgetAlerts({ ctx }),
  ])
  const recent = await Promise.all(workloads.map((workload) => recentDemand(ctx, workload)))
  const seen = workloads.map((workload, index) =>
    overviewOf({
      workload,
      recent: recent[index] ?? { unit: '', points: [] },
      age: ages.find(({ workloadId }) => workloadId === workload.id) ?? null,
      pools: targets.flatMap(({ pool }) => (pool?.workload.id === workload.id ? pool : [])),
      policy: policies.find((row) => row.workload.id === workload.id)?.policy ?? null,
      forecast: forecasts.get(workload.id) ?? null,
      now: ctx.clock.now(),
      waiting: waiting.rows.find((row) => row.workload.id === workload.id) ?? null,
    }),
  )
  const views = await Promise.all(seen.map(async (view) => ({ ...view, heldBy: await heldBy(ctx, view) })))
  return {
    at: ctx.clock.now().toISOString(),
    workloads: views,
    inbox: {
      count: counted.waiting,
      top: waiting.rows.filter(({ snoozedUntil }) => snoozedUntil === null).slice(0, inboxRows),
    },
    spend: {
      perHourUsd: sum(views.map(({ costPerHourUsd }) => costPerHourUsd ?? 0)),
      limitPerHourUsd: sum(views.map(({ policy }) => policy?.costLimitPerHourUsd ?? 0)),
    },
    alerts,
  }
}

/** Asked only where more may be needed and nothing is proposed: it reads all that a plan is made from. */
async function heldBy(
  ctx: Context,
  { workload, forecast, capacity, waiting }: Omit<OverviewWorkload, 'heldBy'>,
) {
  const short = forecast !== null && capacity !== null && forecast.peakUpper90 > capacity
  return short && !waiting ? heldRise({ ctx, input: { workloadId: workload.id } }) : []
}

async function recentDemand(ctx: Context, { id, demandSignal }: WorkloadView) {
  const now = ctx.clock.now().getTime()
  const from = new Date(now - recentMs).toISOString()
  const to = new Date(now).toISOString()
  return readSignal({
    ctx,
    input: { workloadId: id, signal: demandSignal, from, to, maxPoints: recentPoints },
  })
}

type Parts = {
  workload: WorkloadView
  recent: { unit: string; points: SignalPoint[] }
  age: Freshness | null
  pools: NonNullable<TargetView['pool']>[]
  policy: PolicyVersion | null
  forecast: StoredForecast | null
  now: Date
  waiting: ProposalRow | null
}

function overviewOf({
  workload,
  recent,
  age,
  pools,
  policy,
  forecast,
  waiting,
  now,
}: Parts): Omit<OverviewWorkload, 'heldBy'> {
  const serving = pools.filter((pool) => serves(pool))
  const capacity = sumOfKnown(
    serving.map(({ readyReplicas, capacityPerReplica }) =>
      readyReplicas === null ? null : readyReplicas * capacityPerReplica,
    ),
  )
  return {
    workload,
    freshness: age,
    policy,
    desiredReplicas: sumOfKnown(serving.map(({ desiredReplicas }) => desiredReplicas)),
    readyReplicas: sumOfKnown(serving.map(({ readyReplicas }) => readyReplicas)),
    readAt: oldestOf(serving.map(({ observedAt }) => observedAt)),
    capacity,
    costPerHourUsd: sumOfKnown(pools.map(({ costPerHourUsd }) => costPerHourUsd)),
    unit: recent.unit,
    recent: recent.points,
    forecast: forecast && forecastOf(forecast, capacity, now),
    waiting: waiting && {
      id: waiting.id,
      number: waiting.number,
      summary: waiting.summary,
      actBy: waiting.actBy,
      surgeAt: waiting.surgeAt,
    },
  }
}

/** What is still ahead of a forecast; null when all of it has passed. */
function forecastOf(
  { id, issuedAt, snapshot }: StoredForecast,
  capacity: number | null,
  now: Date,
): OverviewWorkload['forecast'] {
  const { levels } = snapshot
  const ahead = snapshot.leads.filter(({ at }) => Date.parse(at) > now.getTime())
  const points = ahead.map(({ at, values }) => ({
    at,
    median: quantileAt(levels, values, 0.5),
    lower10: quantileAt(levels, values, 0.1),
    upper90: quantileAt(levels, values, 0.9),
  }))
  const [first, ...rest] = points
  if (!first) return null
  const peak = rest.reduce((best, point) => (point.upper90 > best.upper90 ? point : best), first)
  return {
    id,
    issuedAt,
    peakAt: peak.at,
    peakMedian: Math.max(...points.map(({ median }) => median)),
    peakUpper90: peak.upper90,
    // Lead by lead, as the quantiles beside it are; over whole paths it would not be theirs.
    passProbability:
      capacity === null ? null : passProbability({ levels, leads: ahead, joint: null }, capacity),
    points,
  }
}

/** Null where one is not known; ISO times of one zone sort as text. */
function oldestOf(times: (string | null)[]): string | null {
  const [oldest = null] = times.includes(null) ? [] : times.toSorted()
  return oldest
}

/** Null while nothing is known at all. */
function sumOfKnown(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length > 0 ? sum(known) : null
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
