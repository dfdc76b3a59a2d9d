import type { PlanInput, PlanOutcome, ShiftSchedule, WaitingWork } from '../contract.ts'
import { keepReason } from '../coupled/limits.ts'
import { sagaContent } from '../coupled/saga-content.ts'
import { project } from '../safety/project.ts'
import { clock } from '../sentences.ts'
import { effectiveLeadSeconds } from '../timing.ts'
import { allowedWaitSeconds } from './allowed-wait.ts'
import { shiftEvidence } from './evidence.ts'
import type { Slot } from './schedule.ts'
import { asItStands, type Cost, type SolvedShift, solveShift } from './solve-shift.ts'
import { shiftReasons, shiftSummary } from './words.ts'

/** Hysteresis: people are asked only for what saves this share of the cost, and this much of it. */
const minSavingShare = 0.05
const minSavingUsd = 1
/** Where money is the same, what saves as large a share of the carbon, and this much. */
const minSavingCarbonG = 500
/** A fall gives back at least this share of the present level. */
const minFallShare = 0.1
/** What the present level serves in so long is an ordinary queue, and none that was let wait. */
const ordinaryQueueSeconds = 300

/**
 * The decision for a workload whose work may wait for a cheaper or greener hour, in its one pool. Null where it may not, what
 * waits is not measured, no schedule is possible, or it would save too little while nothing waits: then `planPool` decides. What has
 * been let wait stays in charge until it is done. Deterministic.
 */
export function planShift(input: PlanInput): PlanOutcome | null {
  const { workload, forecast, capacity, policy, waiting } = input
  const current = capacity.desiredReplicas
  const allowed = allowedWaitSeconds({ workload, signal: forecast.signal, capacity })
  // What nodes cost is not by the hour of the replicas on them.
  if (capacity.heldBy || policy.automationLevel === 'observe' || allowed === null || waiting === undefined)
    return null
  if (current < policy.minReplicas) return null
  const solved = solveShift(input, waiting, allowed)
  if (solved === null) return null
  const shift = shiftEvidence(input, solved, allowed)
  const worth = solved.isKept && isWorth(solved.schedule, solved.asItComes, solved.asItComes)
  if (!worth && !isWaiting(input, waiting)) return null
  const { held } = solved.problem
  const { levels } = solved.schedule
  const first = levels[0] ?? current
  const next = solved.isKept ? (levels[held] ?? current) : Math.max(current, ...levels.slice(held))
  if (next > current && (!solved.isKept || isDue(input, solved))) return propose(input, next, shift, held)
  if (first >= current || !solved.isKept) return hold(waitsWords(shift))
  const keep = keepReason(input, [capacity])
  if (keep !== null) return hold(keep)
  if (!worth || !isWorth(solved.schedule, asItStands(solved, current), untilChange(solved, current)))
    return hold(`Less capacity until then would save too little. ${waitsWords(shift)}`)
  if (current - first < Math.max(1, Math.ceil(current * minFallShare)))
    return hold('What could be given back until then is too little to act on.')
  return propose(input, first, shift, held)
}

/** Whether the saving is worth asking people for; its share is that of `whole`. */
function isWorth(plan: Cost, against: Cost, whole: Cost): boolean {
  const savesUsd = (against.price - plan.price) / 1e6
  const savesCarbonG = (against.carbon - plan.carbon) / 1e3
  const cheaper = savesUsd >= minSavingUsd && savesUsd * 1e6 >= minSavingShare * whole.price
  const greener = savesCarbonG >= minSavingCarbonG && savesCarbonG * 1e3 >= minSavingShare * whole.carbon
  return cheaper || (greener && plan.price <= against.price)
}

/** What the present level costs until another could stand. */
function untilChange({ slots, problem }: SolvedShift, current: number): Cost {
  const held = slots.slice(0, problem.held)
  const sum = (term: (slot: Slot) => number) => current * held.reduce((total, slot) => total + term(slot), 0)
  return { price: sum(({ price }) => price), carbon: sum(({ carbon }) => carbon) }
}

function isWaiting({ capacity }: PlanInput, waiting: readonly WaitingWork[]): boolean {
  const units = waiting.reduce((sum, one) => sum + one.units, 0)
  return units > capacity.capacityPerReplica * Math.max(1, capacity.desiredReplicas) * ordinaryQueueSeconds
}

/** Whether what is ordered a turn later could be late for the first hour that more can be ready in. */
function isDue(input: PlanInput, { problem }: SolvedShift): boolean {
  const at = problem.hours[problem.held]?.fromMs ?? 0
  const latestMs = at - effectiveLeadSeconds(input) * 1_000
  return Date.parse(input.now) + 2 * input.workload.stepSeconds * 1_000 >= latestMs
}

function propose(input: PlanInput, toReplicas: number, shift: ShiftSchedule, held: number): PlanOutcome {
  const { poolId, desiredReplicas } = input.capacity
  const { actions, cuts } = project([input], [{ poolId, toReplicas }], 'shift')
  const [action] = actions
  if (action === undefined) return hold(`Nothing of the plan can be done. ${cuts.join('; ')}.`)
  const to = action.toReplicas
  const content = sagaContent({
    ...{ inputs: [input], actions, surge: null, purpose: 'shift' as const },
    ...{ solution: null, cuts, conflict: [] },
  })
  return {
    kind: 'propose',
    content: {
      ...content,
      direction: to > desiredReplicas ? 'up' : 'down',
      // Every step's work is covered at the served quantile; demand above capacity is what waits.
      confidence: content.evidence.servedQuantile,
      summary: shiftSummary(input, to, shift, held),
      reasons: [...shiftReasons(input, to, shift, held), ...content.reasons],
      evidence: { ...content.evidence, shift },
    },
  }
}

function waitsWords({ hours, doneBy }: ShiftSchedule): string {
  const change = hours.find(({ replicas }) => replicas !== hours[0]?.replicas)
  const next = change ? ` until ${clock(change.at)}, when ${change.replicas} replicas do it` : ''
  return `Capacity fits what may wait${next}; all is done by ${clock(doneBy)}.`
}

function hold(reason: string): PlanOutcome {
  return { kind: 'hold', reason }
}
