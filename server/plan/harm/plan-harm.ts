import type { HarmEvidence } from '../../telemetry/contract.ts'
import {
  actionOn,
  type CapacitySnapshot,
  type PlanContent,
  type PlanInput,
  type PlanOutcome,
} from '../contract.ts'
import { composeSaga } from '../saga/compose.ts'
import { harmCost, harmReasons, harmSummary } from './words.ts'

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

/** Cancelling is proposed; suspending, which can be resumed, and scaling for it stand beside it with what they do. */
function contentOf(input: PlanInput, harm: HarmEvidence, submitter: CapacitySnapshot): PlanContent {
  const { capacity, policy } = input
  const cost = harmCost(input, harm)
  const more = `Scale for it: +${cost.replicasToServe} replicas, for jobs that fail`
  const at = (seconds: number) => new Date(Date.parse(input.now) + seconds * 1_000).toISOString()
  const scaled = capacity.desiredReplicas + cost.replicasToServe
  return composeSaga(
    { own: input, others: [] },
    {
      purpose: 'stop-harm',
      direction: 'stop',
      actions: [actionOn(submitter, 0, { kind: 'cancel', stage: 0 })],
      alternatives: [
        {
          kind: 'less',
          label: 'Suspend; it can be resumed',
          actions: [actionOn(submitter, 0, { kind: 'suspend', stage: 0 })],
        },
        { kind: 'more', label: more, actions: [actionOn(capacity, scaled, { kind: 'scale', stage: 0 })] },
      ],
      harm,
      summary: harmSummary(input, harm, submitter),
      reasons: harmReasons(input, harm, cost),
      actBy: at(policy.approvalLeadSeconds),
      expiresAt: at(usefulSeconds),
    },
  )
}

function hold(reason: string): PlanOutcome {
  return { kind: 'hold', reason }
}
