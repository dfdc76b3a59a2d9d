import { passProbability, quantileAt } from '../../forecast/index.ts'
import type { HarmEvidence } from '../../telemetry/contract.ts'
import { assess } from '../assess.ts'
import { servedQuantile } from '../base-stock.ts'
import type {
  Action,
  Alternative,
  Assessment,
  CapacitySnapshot,
  Effect,
  PlanContent,
  PlanInput,
  PlanOutcome,
} from '../contract.ts'
import { leadsInSpan, plannedLead, planningSpanSeconds } from '../timing.ts'
import { type HarmCost, harmCost, harmReasons, harmSummary } from './words.ts'

/** A loop does not end by itself: the advice stays for a day, unless the loop does. */
const usefulSeconds = 86_400

/**
 * The answer to demand that is recognised as harm: cancel what submits it. Nothing is scaled for it, and nothing is taken
 * away while it goes on. Holds where nothing that runs could be stopped, and says so. Pure.
 */
export function planHarm(input: PlanInput, harm: HarmEvidence): PlanOutcome {
  if (input.policy.automationLevel === 'observe')
    return hold('The automation level is "observe": nothing is proposed.')
  const submitters = [input.capacity, ...input.otherPools].filter(({ control }) => control === 'run')
  const running = submitters.find(({ desiredReplicas }) => desiredReplicas > 0)
  if (running) return { kind: 'propose', content: contentOf(input, harm, running) }
  if (submitters.length > 0)
    return hold(
      'The submitter was stopped; its last failures are still measured. Nothing is scaled for them.',
    )
  return hold(
    'Submissions are a loop of one failing job, and no target with the control "run" could stop it. Nothing is scaled for it.',
  )
}

/** What stops the submitter, judged anew: `kind` is *cancel*, which is for good, or *suspend*, which can be resumed. */
export function assessStop(
  input: PlanInput,
  harm: HarmEvidence,
  submitter: CapacitySnapshot,
  kind: 'cancel' | 'suspend' | null,
): Assessment {
  const { effect, policyResults } = assess(input, input.capacity.desiredReplicas)
  const { levels, joint } = input.forecast
  const span = leadsInSpan(input)
  const served = input.capacity.desiredReplicas * input.capacity.capacityPerReplica
  // The forecast is of what is meant; the loop takes its share of capacity before that.
  const withLoop = passProbability({ levels, leads: span, joint }, Math.max(0, served - harm.excess))
  const stopped: Effect = {
    ...effect,
    sloRiskBefore: withLoop,
    sloRiskAfter: kind === null ? withLoop : effect.sloRiskAfter,
    readyAtP50: input.now,
    readyAtP90: input.now,
  }
  return {
    actions: kind === null ? [] : [stopAction(submitter, kind)],
    effect: stopped,
    policyResults,
    confidence: harm.excessFailedShare,
    allowed: true,
  }
}

function contentOf(input: PlanInput, harm: HarmEvidence, submitter: CapacitySnapshot): PlanContent {
  const { capacity, forecast, policy } = input
  const cost = harmCost(input, harm)
  const quantile = servedQuantile(input)
  const demands = leadsInSpan(input).map(({ values }) => quantileAt(forecast.levels, values, quantile))
  const at = (seconds: number) => new Date(Date.parse(input.now) + seconds * 1_000).toISOString()
  return {
    ...assessStop(input, harm, submitter, 'cancel'),
    direction: 'stop',
    purpose: 'stop-harm',
    inverse: null,
    summary: harmSummary(input, harm, submitter),
    reasons: harmReasons(input, harm, cost),
    alternatives: alternativesTo(input, harm, submitter, cost),
    actBy: at(policy.approvalLeadSeconds),
    expiresAt: at(usefulSeconds),
    evidence: {
      forecast,
      surge: null,
      harm,
      capacity,
      otherPools: input.otherPools,
      policy,
      prices: [capacity, submitter].map(({ offering }) => ({
        offeringId: offering.id,
        pricePerReplicaHourUsd: offering.pricePerReplicaHourUsd,
      })),
      objectiveP99Ms: input.workload.objectiveP99Ms,
      servedQuantile: quantile,
      demandAtQuantile: Math.max(0, ...demands),
      provisioningLeadSeconds: 0,
      approvalLeadSeconds: policy.approvalLeadSeconds,
      planningSpanSeconds: planningSpanSeconds(input),
      plannedLead: plannedLead(input),
    },
  }
}

function alternativesTo(
  input: PlanInput,
  harm: HarmEvidence,
  submitter: CapacitySnapshot,
  { replicasToServe }: HarmCost,
): Alternative[] {
  const nothing = assessStop(input, harm, submitter, null)
  const scaled = assess(input, input.capacity.desiredReplicas + replicasToServe)
  return [
    { kind: 'do-nothing', label: 'Let it run', ...nothing },
    { kind: 'less', label: 'Suspend; it can be resumed', ...assessStop(input, harm, submitter, 'suspend') },
    { kind: 'more', label: `Scale for it: +${replicasToServe} replicas, for jobs that fail`, ...scaled },
  ]
}

function stopAction(submitter: CapacitySnapshot, kind: 'cancel' | 'suspend'): Action {
  return {
    kind,
    stage: 0,
    ...(submitter.workloadId ? { workloadId: submitter.workloadId } : {}),
    poolId: submitter.poolId,
    targetId: submitter.targetId,
    targetName: submitter.targetName,
    domainName: submitter.domain.name,
    region: submitter.domain.region,
    hardwareClass: submitter.offering.hardwareClass,
    fromReplicas: submitter.desiredReplicas,
    toReplicas: 0,
  }
}

function hold(reason: string): PlanOutcome {
  return { kind: 'hold', reason }
}
