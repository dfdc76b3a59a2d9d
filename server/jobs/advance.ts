import { lastAppliedAt } from '../dispatch/index.ts'
import {
  advanceForecast,
  askForecaster,
  EngineCache,
  type ForecastTask,
  type IssuedForecast,
  type Known,
  knownModel,
  lockModel,
  ModelLostError,
  relearnReason,
} from '../forecast/index.ts'
import { policyInForce, propose, riseWaits, ruleWorldNow, withdraw } from '../governance/index.ts'
import type { Context, Verb } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { transact } from '../kernel/transact.ts'
import {
  type LearnedTime,
  type PlanInput,
  type PlanOutcome,
  type PolicyInForce,
  type Purpose,
  purposes,
  serves,
} from '../plan/contract.ts'
import {
  advanceController,
  allowedWaitSeconds,
  learnedApproval,
  loadSolver,
  type Pools,
  planHarm,
  planRightSize,
  poolsOf,
  sizeUseNow,
  waitingWork,
} from '../plan/index.ts'
import { signalCatalogue, type WorkloadView } from '../telemetry/contract.ts'
import {
  type Belief,
  believedAt,
  getWorkload,
  readBelief,
  readSteps,
  watchHarm,
  withoutHarm,
} from '../telemetry/index.ts'
import { planBeside } from './plan-beside.ts'

/** History that a new model learns from. */
const historyMs = 28 * 24 * 3_600_000

/** A first turn learns weeks of history, which takes long on a small machine that has just started; within the job's own limit. */
const firstTurnMs = 110_000

/** Horizons come in sizes, so that a small change of policy does not make a model start over. */
const horizons = [60, 120, 240, 480] as const

export type Advanced = { learned: number; outcome: string }

/**
 * One turn of the flow for a workload: learn the steps that closed, forecast, plan, and publish or withdraw a proposal.
 * All of it is one transaction, so a forecast never stands without the plan made from it. Safe to repeat.
 */
export async function advance(
  { ctx, input }: Verb<{ workloadId: string }>,
  cache: EngineCache = new EngineCache(0),
): Promise<Advanced> {
  const workload = await getWorkload({ ctx, input: { id: input.workloadId } })
  if (workload.endedAt !== null) return { learned: 0, outcome: 'The workload is over.' }
  const unit = signalCatalogue.find(({ name }) => name === workload.demandSignal)?.unit ?? ''
  const demand = { id: workload.id, signal: workload.demandSignal, unit, stepSeconds: workload.stepSeconds }
  const answer = await askForecaster(ctx, workload.id)
  const solver = await loadSolver()
  let issued: IssuedForecast | null = null
  // What is found of harm goes to the log last: until the commit, every other entry waits for it.
  const found = { record: async () => {} }
  const turn = async (tx: Tx, lost: string | null): Promise<Advanced> => {
    await lockModel(tx, workload.id)
    const conditions = async () => {
      const policy = await policyInForce(tx, workload.id)
      const approval = policy && (await learnedApproval(tx, workload.id, policy.approvalLeadSeconds))
      return { pools: await poolsOf(tx, workload.id), policy, approval }
    }
    const before = await conditions()
    const task = { workload: demand, ...reachOf(workload, before) }
    const now = ctx.clock.now()
    const stepMs = workload.stepSeconds * 1000
    const earliest = new Date(Math.floor((now.getTime() - historyMs) / stepMs) * stepMs)
    const known = await modelToGoOn(tx, task, earliest, lost)
    const steps = await readSteps(tx, {
      workloadId: workload.id,
      signal: workload.demandSignal,
      after: known.model?.trainedTo ?? earliest,
      until: now,
    })
    const belief = await readBelief(tx, workload.id, now)
    const harm = await watchHarm(ctx, tx, workload, now)
    const taught = withoutHarm(believed(steps, belief), harm.unbelieved)
    issued = await advanceForecast({ ctx, tx, task, known, steps: taught, answer, cache })
    found.record = harm.record
    if (issued === null) return { learned: 0, outcome: 'Nothing new was measured.' }
    // Learning a long history takes its time; the plan is made from what holds after it.
    const { pools, policy, approval } = known.model === null ? await conditions() : before
    const { leading: capacity, others } = pools
    if (capacity === null || policy === null) {
      return { learned: issued.learned, outcome: 'The workload has no observed pool or no policy yet.' }
    }
    const lastChange = await lastAppliedAt(tx, workload.id)
    // Of several pools that serve, none could be run in the shadow by all of the demand.
    const controller = others.some(serves)
      ? null
      : await advanceController(tx, ctx.clock.now(), {
          ...{ capacity, policy, workload, steps: taught, forecast: issued.snapshot },
          harmed: harm.unbelieved.some(({ until }) => until === null),
          approvalLeadSeconds: approval?.p90Seconds ?? policy.approvalLeadSeconds,
        })
    const waiting = await waitingWork(tx, workload, capacity, ctx.clock.now())
    const plan: PlanInput = {
      now: ctx.clock.now().toISOString(),
      workload: { ...workload, unit },
      forecast: issued.snapshot,
      capacity,
      otherPools: others,
      policy,
      rules: await ruleWorldNow(tx, ctx.clock.now(), [workload.id]),
      ...(approval ? { approval } : {}),
      ...(controller ? { controller } : {}),
      ...(waiting ? { waiting } : {}),
      lastChangeAt: lastChange?.toISOString() ?? null,
      lastSampleAt: harm.open ? null : believedAt(belief),
      riseWaits: await riseWaits(tx, workload.id),
    }
    const { forecastId, learned } = issued
    const publish = (question: keyof typeof questions, outcome: PlanOutcome) =>
      publishPlan(ctx, tx, { workloadId: workload.id, forecastId, question, outcome })
    if (harm.open) {
      // The newest demand is not believed, so that capacity is planned again when it is over.
      const waits = 'Submissions are recognised as harm; nothing is scaled for them.'
      await publish('capacity', { kind: 'hold', reason: waits })
      return { learned, outcome: await publish('stop-harm', planHarm(plan, harm.open.evidence)) }
    }
    await publish('stop-harm', { kind: 'hold', reason: 'Nothing is recognised as a loop any more.' })
    if (isSizeTurn(issued.snapshot)) {
      const sized = planRightSize(plan, await sizeUseNow(tx, plan, workload.demandSignal))
      if (sized) await publish('right-size', sized)
    }
    return { learned, outcome: await publish('capacity', await planBeside(ctx, tx, plan, solver)) }
  }
  const take = (lost: string | null) =>
    transact(
      ctx,
      async (tx) => {
        const advanced = await turn(tx, lost)
        await found.record()
        return advanced
      },
      { timeoutMs: firstTurnMs },
    )
  let done: Advanced
  try {
    done = await take(null)
  } catch (error) {
    if (!(error instanceof ModelLostError)) throw error
    ctx.log.error({ workloadId: workload.id, why: error.message }, 'a model is lost and starts over')
    done = await take(error.message)
  }
  keep(issued)
  return done
}

/** Stopping harm and the size of a replica are questions of their own; everything else is one: where capacity should stand. */
const questions: Record<'capacity' | 'stop-harm' | 'right-size', Purpose[]> = {
  capacity: purposes.filter((purpose) => purpose !== 'stop-harm' && purpose !== 'right-size'),
  'stop-harm': ['stop-harm'],
  'right-size': ['right-size'],
}

/** Sizes rest on days of telemetry, and are thought about every ten minutes. */
const sizeTurnMs = 600_000

function isSizeTurn({ origin, stepSeconds }: { origin: string; stepSeconds: number }): boolean {
  const at = Date.parse(origin)
  return Math.floor(at / sizeTurnMs) !== Math.floor((at - stepSeconds * 1_000) / sizeTurnMs)
}

/** Puts a plan before the operators and takes back what waits as another answer to its question. Returns what came of it, in words. */
async function publishPlan(
  ctx: Context,
  tx: Tx,
  plan: {
    workloadId: string
    forecastId: string
    question: keyof typeof questions
    outcome: PlanOutcome
  },
): Promise<string> {
  const { workloadId, forecastId, question, outcome } = plan
  if (outcome.kind === 'hold') {
    await withdraw({ ctx, tx, input: { workloadId, reason: outcome.reason, purposes: questions[question] } })
    return outcome.reason
  }
  const { content } = outcome
  const others = questions[question].filter((purpose) => purpose !== (content.purpose ?? 'capacity'))
  if (others.length > 0) {
    const reason = `The plan is another now: ${content.summary}.`
    await withdraw({ ctx, tx, input: { workloadId, reason, purposes: others } })
  }
  await propose({ ctx, tx, input: { workloadId, forecastId, content } })
  return content.summary
}

function keep(issued: IssuedForecast | null): void {
  issued?.keepEngine()
}

/** What is not believed teaches nothing: to the model it is a gap. */
function believed<T extends { at: Date; value: number | null }>(steps: T[], { doubtfulSince }: Belief): T[] {
  if (doubtfulSince === null) return steps
  return steps.map((step) => (step.at >= doubtfulSince ? { ...step, value: null } : step))
}

/** The stored model, unless it is lost or cannot go on, or much older history came in that it has not seen. */
async function modelToGoOn(tx: Tx, task: ForecastTask, earliest: Date, lost: string | null): Promise<Known> {
  if (lost !== null) return { model: null, why: lost }
  const known = await knownModel(tx, task)
  if (known.model === null) return known
  const why = await relearnReason(tx, task, known.model, earliest)
  return why === null ? known : { model: null, why }
}

/** How many leads the forecast needs, and how many of them the plan covers. */
function reachOf(
  workload: WorkloadView,
  { pools, policy, approval }: { pools: Pools; policy: PolicyInForce | null; approval: LearnedTime | null },
): Pick<ForecastTask, 'horizon' | 'plannedLeads'> {
  const leads = [pools.leading, ...pools.others].map((pool) => pool?.offering.leadTimeP90Seconds ?? 300)
  const lead = Math.max(...leads) + (approval?.p90Seconds ?? policy?.approvalLeadSeconds ?? 300)
  const { stepSeconds, demandSignal: signal } = workload
  const needed = (lead + (policy?.scaleDownCooldownSeconds ?? 0)) / stepSeconds
  // Work that may wait is planned over the hours that it may wait for.
  const { leading: capacity } = pools
  const wait = (capacity && allowedWaitSeconds({ workload, signal, capacity })) ?? 0
  const horizon =
    horizons.find((size) => size >= Math.max(needed, (lead + wait) / stepSeconds)) ??
    horizons[horizons.length - 1] ??
    480
  return { horizon, plannedLeads: Math.min(horizon, Math.max(1, Math.ceil(needed))) }
}
