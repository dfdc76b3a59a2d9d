import type { ForecastSnapshot } from '../../forecast/contract.ts'
import type { Prisma, Tx } from '../../kernel/db.ts'
import type { CapacitySnapshot, ControllerAdvice, PolicyInForce } from '../contract.ts'
import { hasSeenEnough } from '../controller/advised-level.ts'
import {
  type ControllerOptions,
  type ControllerState,
  controllerState,
  PoolController,
} from '../controller/index.ts'

/** What the controller of a pool is told in one turn of its workload. */
export type ControlTurn = {
  capacity: CapacitySnapshot
  policy: PolicyInForce
  workload: { stepSeconds: number; objectiveP99Ms: number }
  /** Demand that closed, oldest first; null where nothing was measured or believed. */
  steps: readonly { at: Date; value: number | null }[]
  /** The forecast that was made from the last of them. */
  forecast: ForecastSnapshot
  /** The newest step is one of harm, which is no demand. */
  harmed: boolean
  approvalLeadSeconds: number
}

/** Null for a state of another form, as an older or newer controller kept it: that one begins anew. */
function stateOf(json: Prisma.JsonValue): ControllerState | null {
  return controllerState.safeParse(json).data ?? null
}

/**
 * Lets the controller of a pool take the step that closed, keeps its state, and says what it asks for. Steps that no turn
 * decided in, because nobody was there to take one or demand was recognised as harm, are left out: neither the plan nor an autoscaler is
 * judged by them, or moves by a forecast that is full of gaps. In the caller's transaction.
 */
export async function advanceController(tx: Tx, now: Date, turn: ControlTurn): Promise<ControllerAdvice> {
  const { poolId } = turn.capacity
  const row = await tx.poolController.findUnique({ where: { poolId } })
  const before = row === null ? null : stateOf(row.state)
  const controller = new PoolController(optionsOf(turn), before)
  const step = turn.steps.at(-1)
  if (step === undefined || turn.harmed || (row !== null && step.at <= row.advancedTo))
    return controller.advice()
  controller.advance({
    demand: step.value ?? before?.recent.at(-1) ?? 0,
    gap: step.value === null,
    forecast: quantilesOf(turn.forecast),
  })
  if (hasSeenEnough(controller.steps, turn.workload.stepSeconds))
    controller.takeControl(turn.capacity.desiredReplicas)
  const state: Prisma.InputJsonObject = JSON.parse(JSON.stringify(controller.toJSON()))
  const data = { state, advancedTo: step.at, updatedAt: now }
  await tx.poolController.upsert({ where: { poolId }, create: { poolId, ...data }, update: data })
  return controller.advice()
}

/** What the controller of a pool asks for as it stands; null before its first turn. */
export async function adviceNow(
  tx: Tx,
  turn: Omit<ControlTurn, 'steps' | 'forecast' | 'harmed'>,
): Promise<ControllerAdvice | null> {
  const row = await tx.poolController.findUnique({ where: { poolId: turn.capacity.poolId } })
  const state = row && stateOf(row.state)
  return state && new PoolController(optionsOf(turn), state).advice()
}

/** The pool as its controller simulates it: what plans count with, and what the policy says being short costs. */
function optionsOf({
  capacity,
  policy,
  workload,
  approvalLeadSeconds,
}: Omit<ControlTurn, 'steps' | 'forecast' | 'harmed'>): ControllerOptions {
  const { offering, capacityPerReplica } = capacity
  const price = offering.pricePerReplicaHourUsd
  const { stepSeconds } = workload
  return {
    terms: {
      stepSeconds,
      capacityPerReplica,
      minReplicas: policy.minReplicas,
      maxReplicas: Math.max(policy.minReplicas, Math.min(policy.maxReplicas, offering.quotaReplicas)),
      pricePerReplicaHour: price,
      leadTimeSeconds: offering.leadTimeP90Seconds,
      leadSeed: 0,
      approvalDelaySeconds: approvalLeadSeconds,
      removeDelaySeconds: 0,
      penaltyPerReplicaHourShort: price * policy.penaltyRatio,
      // What one replica serves is declared as what it serves within the objective.
      shortfallUtilisation: 1,
      startCost: 0,
      removeCost: 0,
    },
    latency: {
      capacityPerReplica,
      serviceTimeSeconds: workload.objectiveP99Ms / 2_000,
      arrivalScv: 1,
      serviceScv: 1,
      sloP99Seconds: workload.objectiveP99Ms / 1_000,
      stepSeconds,
    },
    initialReplicas: capacity.desiredReplicas,
  }
}

function quantilesOf({ levels, leads }: ForecastSnapshot) {
  return { levels, leads: leads.map(({ values }) => values) }
}
