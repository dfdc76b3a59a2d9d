import { type ForecastSnapshot, ForecastSnapshotSchema } from '../forecast/contract.ts'
import type { Context } from '../kernel/context.ts'
import { Prisma, type Tx } from '../kernel/db.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import type { Workload } from '../kernel/generated/client.ts'
import { type AsJson, type Reading, type Readings, read, reading, together } from '../kernel/reading.ts'
import type { CapacitySnapshot, PlanContent, PlanInput, PolicyInForce, RuleWorld } from '../plan/contract.ts'
import {
  approvalTime,
  approvalTimes,
  matesOf,
  type Pools,
  poolsBeside,
  poolsByWorkload,
  type SagaInput,
  waitingWork,
} from '../plan/index.ts'
import { signalName, workloadInput } from '../telemetry/contract.ts'
import { type Belief, beliefs, believedAt } from '../telemetry/index.ts'
import { policiesInForce } from './policy-in-force.ts'
import { type Ours, type Reserved, reservedLevels, type World, withReserved } from './reserved.ts'
import {
  type Measured,
  measuredOf,
  type RuledTogether,
  ruledTogether,
  ruleWorldOf,
} from './rules/rule-world.ts'
import { touchedWorkloads } from './touched.ts'

/** All that is read for a decision, in one statement: one moment, under the locks that were taken before. */
type Moment = Measured & {
  workloads: Map<string, AsJson<Workload>>
  pools: Map<string, Pools>
  policies: Map<string, PolicyInForce>
  approvalTimes: Map<string, number[]>
  forecasts: Map<string, { origin: string; snapshot: ForecastSnapshot | null }>
  beliefs: Map<string, Belief>
  beside: CapacitySnapshot[]
  reserved: Reserved
}

type Asked = {
  /** The workloads that are planned for. */
  workloadIds: readonly string[]
  /** Those of them whose newest forecast counts; of the others it is known already. */
  forecastIds: readonly string[]
  ruled: RuledTogether
  ours: Ours | undefined
}

function momentOf({ workloadIds, forecastIds, ruled, ours }: Asked, now: Date): Readings<Moment> {
  const memberIds = ruled.ruleSet.rules.length === 0 ? [] : ruled.members.map(({ id }) => id)
  const around = [...new Set([...workloadIds, ...memberIds])]
  return {
    workloads: reading(
      Prisma.sql`SELECT json_agg(w) FROM "Workload" w WHERE w."id" = ANY(${[...workloadIds]}::uuid[])`,
      (rows: AsJson<Workload>[] | null) => new Map((rows ?? []).map((row) => [row.id, row])),
    ),
    pools: poolsByWorkload(around),
    policies: policiesInForce(workloadIds),
    approvalTimes: approvalTimes(workloadIds),
    forecasts: newestForecasts(workloadIds, forecastIds),
    beliefs: beliefs(workloadIds, now),
    beside: poolsBeside(workloadIds),
    // Everybody whose levels the plans are judged beside.
    reserved: reservedLevels(Prisma.sql`(${around}::uuid[] || ARRAY(${matesOf(workloadIds)}))`, now, ours),
    ...measuredOf(memberIds, now),
  }
}

/** The newest forecast of workloads: when it was made, and what it says of those of `wholeIds`. */
function newestForecasts(
  workloadIds: readonly string[],
  wholeIds: readonly string[],
): Reading<Moment['forecasts']> {
  type Row = { id: string; origin: string; snapshot: unknown }
  const query = Prisma.sql`
    SELECT json_agg(newest) FROM unnest(${[...workloadIds]}::uuid[]) AS w("id") CROSS JOIN LATERAL (
      SELECT w."id", f."origin", CASE WHEN w."id" = ANY(${[...wholeIds]}::uuid[]) THEN f."snapshot" END AS "snapshot"
      FROM "Forecast" f WHERE f."workloadId" = w."id" ORDER BY f."issuedAt" DESC LIMIT 1) AS newest`
  const parsed = ({ origin, snapshot }: Row) => ({
    origin: new Date(origin).toISOString(),
    snapshot: snapshot === null ? null : ForecastSnapshotSchema.parse(snapshot),
  })
  return reading(query, (rows: Row[] | null) => new Map((rows ?? []).map((row) => [row.id, parsed(row)])))
}

/**
 * What the world looks like now to a plan of this workload: policy in force, capacity and prices as last observed, and
 * the newest forecast.
 * @throws ConflictError while the workload has no observed pool, no policy or no forecast.
 */
export async function planInputNow(tx: Tx, ctx: Context, workloadId: string): Promise<PlanInput> {
  const now = ctx.clock.now()
  const ids = [workloadId]
  const ruled = await read(tx, ruledTogether(ids))
  const asked = { workloadIds: ids, forecastIds: ids, ruled, ours: undefined }
  const moment = await read(tx, together(momentOf(asked, now)))
  return planInputOf(tx, moment, {
    id: workloadId,
    forecast: undefined,
    rules: rulesIn(moment, ruled, now),
    now,
  })
}

type Around = { ours?: Ours; ruled: RuledTogether; forecast?: 'of-the-plan' | 'newest' }
type WorldAround = { moment: Reading<Moment>; world: (tx: Tx, moment: Moment) => Promise<World> }

/**
 * The world that a plan is decided in: what it looks like to every workload that the plan touches, its own with the forecast that it
 * was made from, or with the newest, the others with their newest. What others are approved to come to counts as theirs. `ours`: the
 * approval that is judged itself. `ruled`: who is judged with it. To be read together with what else the decision needs.
 * @throws ConflictError while one of the workloads has no observed pool, no policy or no forecast.
 */
export function worldAround(
  { clock }: Pick<Context, 'clock'>,
  workloadId: string,
  content: PlanContent,
  { ours, ruled, forecast = 'of-the-plan' }: Around,
): WorldAround {
  const now = clock.now()
  const workloadIds = touchedWorkloads(workloadId, content)
  const frozen = forecast === 'newest' ? undefined : content.evidence.forecast
  const forecastIds = frozen ? workloadIds.filter((id) => id !== workloadId) : workloadIds
  return {
    moment: together(momentOf({ workloadIds, forecastIds, ruled, ours }, now)),
    world: async (tx, moment) => {
      const rules = rulesIn(moment, ruled, now)
      const own = await planInputOf(tx, moment, { id: workloadId, forecast: frozen, rules, now })
      const others: PlanInput[] = []
      for (const id of workloadIds)
        if (id !== workloadId)
          others.push(await planInputOf(tx, moment, { id, forecast: undefined, rules, now }))
      const written = new Set(content.actions.map(({ poolId }) => poolId))
      return withReserved(withMates({ own, others }, moment), moment.reserved, written)
    },
  }
}

/** The same, read by itself. */
export async function worldNow(
  tx: Tx,
  ctx: Context,
  workloadId: string,
  content: PlanContent,
  around: Omit<Around, 'ruled'> = {},
): Promise<World> {
  const ruled = await read(tx, ruledTogether(touchedWorkloads(workloadId, content)))
  const { moment, world } = worldAround(ctx, workloadId, content, { ...around, ruled })
  return world(tx, await read(tx, moment))
}

/** With what others hold of the quotas that the plan's workloads share with them: levels are judged beside it. */
function withMates({ own, others }: SagaInput, { beside }: Moment): SagaInput {
  const pools = [own, ...others].flatMap(({ capacity, otherPools }) => [capacity, ...otherPools])
  const places = new Set(pools.map(({ offering }) => offering.id))
  const mates = beside.filter(({ offering }) => places.has(offering.id))
  return { own: { ...own, beside: mates }, others: others.map((input) => ({ ...input, beside: mates })) }
}

function rulesIn(moment: Moment, ruled: RuledTogether, now: Date): RuleWorld {
  const pools = ruled.members.flatMap(({ id }) => poolsIn(moment, id))
  return ruleWorldOf(ruled, moment, pools, now)
}

function poolsIn({ pools }: Moment, workloadId: string): CapacitySnapshot[] {
  const { leading, others } = pools.get(workloadId) ?? { leading: null, others: [] }
  return leading === null ? others : [leading, ...others]
}

/** What was read of one workload, as its plan takes it in. */
async function planInputOf(
  tx: Tx,
  moment: Moment,
  {
    id,
    forecast,
    rules,
    now,
  }: { id: string; forecast: ForecastSnapshot | undefined; rules: RuleWorld; now: Date },
): Promise<PlanInput> {
  const workload = moment.workloads.get(id)
  if (workload === undefined) throw new NotFoundError('workload', id)
  const { leading: capacity = null, others = [] } = moment.pools.get(id) ?? {}
  const policy = moment.policies.get(id)
  const newest = moment.forecasts.get(id)
  const snapshot = forecast ?? newest?.snapshot ?? null
  if (!capacity || !policy || !snapshot) {
    const missing = !capacity ? 'pool that was observed' : !policy ? 'policy' : 'forecast'
    throw new ConflictError(`"${workload.title}" has no ${missing} now, so nothing can be decided on it.`)
  }
  const { name, title, kind, requiredSecurityTier, objectiveP99Ms, stepSeconds, reworkSeconds } = workload
  const demandSignal = signalName.parse(workload.demandSignal)
  const approval = approvalTime(moment.approvalTimes.get(id) ?? [], policy.approvalLeadSeconds)
  const waiting = await waitingWork(
    tx,
    { id, kind, objectiveP99Ms, stepSeconds, demandSignal },
    capacity,
    now,
  )
  const belief = moment.beliefs.get(id)
  return {
    now: now.toISOString(),
    workload: {
      ...{ id, name, title, kind, requiredSecurityTier, objectiveP99Ms, stepSeconds, reworkSeconds },
      unit: snapshot.unit,
      userShares: workloadInput.shape.userShares.parse(workload.userShares),
    },
    forecast: snapshot,
    capacity,
    otherPools: others,
    policy,
    rules,
    ...(approval ? { approval } : {}),
    ...(waiting ? { waiting } : {}),
    // Only a planner's own wish to come down waits for the cooldown; what a person sets does not.
    lastChangeAt: null,
    // Where nothing was measured for long, the last forecast's origin is what is known, and grows old.
    lastSampleAt: belief?.lastSampleAt ? believedAt(belief) : (newest?.origin ?? null),
    // The surge of a proposal is weighed by the rule that it was found by.
    riseWaits: false,
  }
}
