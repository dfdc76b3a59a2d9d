import { authorise, type Verb } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { parseInput } from '../../kernel/parse.ts'
import { signalCatalogue } from '../../telemetry/contract.ts'
import { getWorkload } from '../../telemetry/index.ts'
import { advise } from '../advice/advise.ts'
import { mean } from '../advice/figures.ts'
import type { AdviceSource, Option } from '../advice/source.ts'
import {
  type AdviceInput,
  type AdviceView,
  adviceInput,
  type BatchingServing,
  type CapacitySnapshot,
  type LearnedTime,
} from '../contract.ts'
import { slowed, withMeasuredTokens } from '../models/calibration/batching-fit.ts'
import { learnTime } from '../models/learned-time.ts'
import { poolsOf } from './capacity.ts'
import { listDomains } from './catalog.ts'
import { learnedApproval } from './learned.ts'
import { type PoolTelemetry, readPoolSteps } from './pool-steps.ts'
import { servingOf } from './stored-json.ts'

/** Fewer measured steps than this say nothing of how much repeats. */
const fewestRepeats = 100

/**
 * Advice on one workload from its stored telemetry, its pool's model and what is declared of places; nothing is kept and
 * nothing changes. @throws NotFoundError
 */
export async function getAdvice({ ctx, input }: Verb<AdviceInput>): Promise<AdviceView> {
  authorise(ctx, 'catalog.read')
  const { workloadId, days } = parseInput(adviceInput, input, 'question')
  const workload = await getWorkload({ ctx, input: { id: workloadId } })
  const to = ctx.clock.now()
  const from = new Date(to.getTime() - days * 86_400_000)
  const telemetry = await readPoolSteps(ctx.db, workload, from, to)
  const { leading: pool } = await poolsOf(ctx.db, workloadId)
  const policy = await ctx.db.workloadPolicy.findFirst({
    where: { workloadId },
    orderBy: { version: 'desc' },
  })
  const approval = policy && (await learnedApproval(ctx.db, workloadId, policy.approvalLeadSeconds))
  const options = (await listDomains({ ctx }))
    .filter((domain) => domain.securityTier >= workload.requiredSecurityTier)
    .filter((domain) => policy === null || policy.allowedRegions.includes(domain.region))
    .flatMap(({ offerings, ...domain }) => offerings.map((offering): Option => ({ domain, offering })))
  const measured = telemetry.steps.filter(({ demand }) => demand !== null)
  const source: AdviceSource = {
    workload: {
      ...workload,
      unit: signalCatalogue.find(({ name }) => name === workload.demandSignal)?.unit ?? '',
    },
    pool,
    minReplicas: policy?.minReplicas ?? 1,
    penaltyRatio: policy?.penaltyRatio ?? 1,
    steps: telemetry.steps,
    measuredRepeatShare: repeatShareOf(telemetry),
    options,
  }
  return {
    workloadId,
    madeAt: to.toISOString(),
    from: timeOf(measured.at(0), from),
    to: timeOf(measured.at(-1), to),
    stepSeconds: workload.stepSeconds,
    observations: measured.length,
    model: pool?.model ?? null,
    lead: pool && leadOf(pool.offering),
    approval: approval ?? (policy && declaredTime(policy.approvalLeadSeconds, policy.approvalLeadSeconds)),
    advice: advise(source, await batchingOf(ctx.db, pool, telemetry)),
  }
}

const timeOf = (step: { atMs: number } | undefined, asked: Date): string =>
  (step ? new Date(step.atMs) : asked).toISOString()

/** Nothing was measured yet: what is declared counts. */
const declaredTime = (p50Seconds: number, p90Seconds: number): LearnedTime =>
  learnTime([], { p50Seconds, p90Seconds })

const leadOf = ({
  lead,
  leadTimeP50Seconds,
  leadTimeP90Seconds,
}: CapacitySnapshot['offering']): LearnedTime => lead ?? declaredTime(leadTimeP50Seconds, leadTimeP90Seconds)

function repeatShareOf({ repeatShares: shares }: PoolTelemetry): number | null {
  return shares.length < fewestRepeats ? null : Math.min(1, mean(shares))
}

/** The declared replica with the measured tokens, at the pace that was fitted. */
async function batchingOf(
  tx: Tx,
  pool: CapacitySnapshot | null,
  { steps }: PoolTelemetry,
): Promise<BatchingServing | null> {
  if (pool?.model?.kind !== 'batching') return null
  const row = await tx.pool.findUnique({ where: { id: pool.poolId }, select: { serving: true } })
  const serving = servingOf(row?.serving ?? null)
  if (serving?.kind !== 'batching') return null
  return slowed(withMeasuredTokens(serving, steps), pool.model.pace)
}
