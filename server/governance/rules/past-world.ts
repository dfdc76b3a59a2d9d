import type { Tx } from '../../kernel/db.ts'
import type { RuleSet, RuleWorkload, RuleWorld } from '../../plan/contract.ts'
import { monthOf } from '../../plan/index.ts'
import { ruleWorldNow } from './rule-world.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const weekDays = 7

/** What rules would have been held against at a moment of the past. */
export type PastWorld = {
  at(moment: Date, workloadIds: readonly string[]): RuleWorld
  /** When a workload was changed next after a moment; the end of the span if it was not. */
  nextChange(workloadId: string, after: Date): Date
}

/**
 * Opens the span. Spend by then is from the ledger, by the day. Whoever shares a limit is counted at the present level and
 * at what the ledger says it cost on that day, because levels of the past are not kept; carbon of others is the present one.
 */
export async function openPastWorld(
  tx: Tx,
  ruleSet: RuleSet,
  workloadIds: readonly string[],
  { from, to }: { from: Date; to: Date },
): Promise<PastWorld> {
  const present = await ruleWorldNow(tx, to, workloadIds, ruleSet)
  const since = new Date(monthOf(from.toISOString()).from.getTime() - weekDays * dayMs)
  const days = await spendByDay(
    tx,
    present.workloads.map(({ id }) => id),
    since,
  )
  const changes = await changesIn(tx, new Date(from.getTime() - hourMs), to)
  const rates = ratesOf(present)
  /** Each workload's own changes, oldest first: a busy month has thousands. */
  const changesOf = (workloadId: string) => changes.get(workloadId) ?? []

  return {
    at(moment, own) {
      const now = moment.toISOString()
      const names = new Set(own)
      const workloads = present.workloads.map(
        (workload): RuleWorkload => ({
          ...workload,
          ...spentBy(days.get(workload.id) ?? new Map(), moment, rates.get(workload.id) ?? 0),
          changesLastHour: changesOf(workload.id).filter(
            (at) => at < moment && at.getTime() > moment.getTime() - hourMs,
          ).length,
        }),
      )
      const pools = present.pools.map((pool) => {
        const rate = rates.get(pool.workloadId) ?? 0
        const day = days.get(pool.workloadId)?.get(dayOf(moment))
        if (names.has(pool.workloadId) || rate === 0 || day === undefined) return pool
        return { ...pool, pricePerHourUsd: (pool.pricePerHourUsd * day) / 24 / rate }
      })
      return { ...present, now, workloads, pools }
    },
    nextChange(workloadId, after) {
      return changesOf(workloadId).find((at) => at > after) ?? to
    },
  }
}

function ratesOf({ pools }: RuleWorld): Map<string, number> {
  const rates = new Map<string, number>()
  for (const { workloadId, level, paidFrom = 0, pricePerHourUsd } of pools)
    rates.set(workloadId, (rates.get(workloadId) ?? 0) + (level - paidFrom) * pricePerHourUsd)
  return rates
}

function dayOf(at: Date): number {
  return Math.floor(at.getTime() / dayMs) * dayMs
}

/** Month to date and usual cost of an hour at a moment; of a day that is not over, as much as had passed of it. */
function spentBy(
  days: ReadonlyMap<number, number>,
  moment: Date,
  presentRate: number,
): Pick<RuleWorkload, 'spentThisMonthUsd' | 'usualCostPerHourUsd'> {
  const today = dayOf(moment)
  const passed = (moment.getTime() - today) / dayMs
  let spentThisMonthUsd = (days.get(today) ?? 0) * passed
  for (let day = monthOf(moment.toISOString()).from.getTime(); day < today; day += dayMs)
    spentThisMonthUsd += days.get(day) ?? 0
  const week = Array.from({ length: weekDays }, (_, i) => days.get(today - (i + 1) * dayMs))
  const known = week.filter((usd) => usd !== undefined)
  const usual = known.reduce((sum, usd) => sum + usd, 0) / (24 * known.length)
  return { spentThisMonthUsd, usualCostPerHourUsd: known.length > 0 ? usual : presentRate }
}

async function spendByDay(
  tx: Tx,
  workloadIds: readonly string[],
  since: Date,
): Promise<Map<string, Map<number, number>>> {
  const rows = await tx.$queryRaw<{ workloadId: string; day: Date; usd: number }[]>`
    SELECT "workloadId", date_trunc('day', "hour") AS day, sum("usd") AS usd FROM "SpendHour"
    WHERE "hour" >= ${since} AND "workloadId" = ANY(${[...workloadIds]}::uuid[]) GROUP BY 1, 2`
  const byWorkload = Map.groupBy(rows, ({ workloadId }) => workloadId)
  return new Map(
    [...byWorkload].map(([id, days]) => [id, new Map(days.map(({ day, usd }) => [day.getTime(), usd]))]),
  )
}

/** When each workload was changed, oldest first. */
async function changesIn(tx: Tx, from: Date, to: Date): Promise<Map<string, Date[]>> {
  const rows = await tx.dispatch.findMany({
    where: { appliedAt: { gt: from, lte: to } },
    orderBy: { appliedAt: 'asc' },
    select: {
      appliedAt: true,
      decision: { select: { proposal: { select: { touchedWorkloadIds: true } } } },
    },
  })
  const byWorkload = new Map<string, Date[]>()
  for (const { appliedAt, decision } of rows) {
    if (appliedAt === null) continue
    for (const id of decision.proposal.touchedWorkloadIds) {
      const known = byWorkload.get(id)
      if (known) known.push(appliedAt)
      else byWorkload.set(id, [appliedAt])
    }
  }
  return byWorkload
}
