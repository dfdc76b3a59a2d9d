import type { Action, PlanContent } from '../../plan/contract.ts'
import { type CapacityPolicy, type PolicySetup, stepsIn } from '../../plan/index.ts'
import type { CourseOutcome, LedgerFigures, LedgerKind, Worth } from '../contract/ledger.ts'
import { type Course, playCourse, type SetPoint } from './course.ts'
import { groundsOf, type LedgerDemand, type LedgerScene, sceneOf } from './scene.ts'

/** A decision with what came of it. Instants in milliseconds. */
export type LedgerDecision = {
  kind: LedgerKind
  workloadId: string
  /** The plan as it was proposed. */
  proposed: PlanContent
  /** What was sent: null unless approved or overridden. */
  sent: PlanContent | null
  appliedAt: number | null
  verifiedAt: number | null
}

/**
 * What a decision was worth over a span of measured demand: the pools as they stood, under what was done, under the reactive
 * autoscaler that would have taken over at that moment, and under the proposal where something else was done. Each sees
 * the same demand and lead time. Measured: demand, and the lead time where the order is verified. Modelled: the rest.
 */
export function figuresOf(
  decision: LedgerDecision,
  span: LedgerDemand,
  reactive: (setup: PolicySetup) => CapacityPolicy,
): LedgerFigures {
  const { proposed, sent, kind } = decision
  const measuredLead = measuredLeadSeconds(decision)
  const scene = sceneOf(proposed, decision.workloadId, span, measuredLead)
  const firstStep = stepOf(scene, decision.appliedAt ?? scene.startMs)
  const play = (course: Course) => playCourse(scene, course)
  const taken = play({ orders: sent === null ? [] : ordersOf(scene, sent.actions, firstStep) })
  const grounds = groundsOf(proposed, measuredLead)
  const course: Course = grounds.reactiveIs === 'hpa' ? { policy: reactive(setupOf(scene)) } : { orders: [] }
  const asReactive = play(course)
  const asProposed =
    kind === 'approve' ? null : play({ orders: ordersOf(scene, proposed.actions, firstStep) })
  const { demand, from, steps, stepSeconds } = scene
  const unmeasuredSteps = demand.gap.subarray(from, from + steps).reduce((sum, gap) => sum + gap, 0)
  return {
    taken,
    reactive: asReactive,
    proposed: asProposed,
    vsReactive: worth(asReactive, taken),
    vsProposed: asProposed && worth(asProposed, taken),
    grounds: { ...grounds, stepSeconds, steps, unmeasuredSteps },
  }
}

/** What the other course would have cost more. */
export function worth(other: CourseOutcome, taken: CourseOutcome): Worth {
  return {
    // In this order equal courses differ by exactly nothing.
    costUsd: other.infraUsd + other.penaltyUsd - (taken.infraUsd + taken.penaltyUsd),
    shortReplicaHours: other.shortReplicaHours - taken.shortReplicaHours,
    violationMinutes: other.violationMinutes - taken.violationMinutes,
    carbonG: other.carbonG - taken.carbonG,
  }
}

/** The lead time of a rise that was seen to be ready; several stages are not told apart. */
function measuredLeadSeconds({ sent, appliedAt, verifiedAt }: LedgerDecision): number | null {
  if (sent === null || appliedAt === null || verifiedAt === null || sent.actions.length !== 1) return null
  const [action] = sent.actions
  return action && action.toReplicas > action.fromReplicas ? (verifiedAt - appliedAt) / 1_000 : null
}

/** The step that begins nearest to `ms`: the autoscaler acts as a step begins, and a rounding up would hold a step against the order. */
const stepOf = ({ startMs, stepSeconds }: LedgerScene, ms: number): number =>
  Math.max(0, Math.round((ms - startMs) / 1_000 / stepSeconds))

/** The actions as set-points: a stage begins when all that the one before it ordered is ready. */
function ordersOf(scene: LedgerScene, actions: readonly Action[], firstStep: number): SetPoint[] {
  const stages = [...new Set(actions.map(({ stage }) => stage ?? 0))].sort((a, b) => a - b)
  const orders: SetPoint[] = []
  let atStep = firstStep
  for (const stage of stages) {
    let readyAfter = 0
    for (const action of actions) {
      if ((action.stage ?? 0) !== stage) continue
      orders.push({ poolId: action.poolId, atStep, replicas: action.toReplicas })
      const lead = scene.pools.find(({ id }) => id === action.poolId)?.leadTimeSeconds ?? 0
      if (action.toReplicas > action.fromReplicas)
        readyAfter = Math.max(readyAfter, stepsIn(lead, scene.stepSeconds))
    }
    atStep += readyAfter
  }
  return orders
}

function setupOf(scene: LedgerScene): PolicySetup {
  const { reactiveTerms, pools, leadPoolId, demand, from, startMs } = scene
  const lead = pools.find(({ id }) => id === leadPoolId)
  return {
    terms: reactiveTerms,
    targetUtilisation: 0.7,
    initialReplicas: lead?.desired ?? 0,
    controlIntervalSeconds: 0,
    startSeconds: (startMs / 1_000 - from * scene.stepSeconds) % 86_400,
    history: { ...demand, length: from },
  }
}
