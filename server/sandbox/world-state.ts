import { z } from 'zod'
import { controls } from '../plan/contract.ts'

const count = z.number().int().nonnegative()

const capacityState = z.object({
  desired: count,
  ready: count,
  orders: z.array(z.object({ count, placedAt: z.number(), readyAt: z.number() })),
  ordersPlaced: count,
})

const serviceState = z.object({
  capacity: capacityState,
  backlog: z.number().nonnegative(),
  alive: z.object({ count, until: z.number() }).optional(),
})

const targetAnswer = z.object({
  id: z.string(),
  desiredReplicas: count,
  readyReplicas: count,
  inFlightReplicas: count,
  version: z.string(),
  effects: count,
  /** What the number stands for. */
  control: z.enum(controls).default('replicas'),
})
/** A target as its API shows it. `version` rises by one with every change of what is desired; `effects` counts accepted writes. */
export type TargetAnswer = z.infer<typeof targetAnswer>

/** What is remembered of a dispatch: the newest holder that was seen, and the answer once it was carried out. */
const dispatchRecord = z.object({
  dispatchId: z.string(),
  fencingToken: count,
  done: z.object({ replicas: count, answer: targetAnswer }).nullable(),
})
export type DispatchRecord = z.infer<typeof dispatchRecord>

const targetState = z.object({
  actual: serviceState,
  /** The same demand since `undisturbedSince` without anything that was dispatched. */
  undisturbed: serviceState,
  undisturbedSince: z.number(),
  version: count,
  effects: count,
  dispatches: z.array(dispatchRecord),
  /** Of a job that was cancelled: it does not run again. */
  ended: z.boolean().optional(),
})
export type TargetState = z.infer<typeof targetState>

/** A trace that stands in for a workload's demand: `values[i]` holds for `stepMs` from `startedAt + i · stepMs` on. */
export const playState = z.object({
  startedAt: z.number(),
  stepMs: z.number().positive(),
  values: z.array(z.number().nonnegative()).min(1),
})
export type Play = z.infer<typeof playState>

/** All that the simulated cloud must remember. Times in milliseconds since the epoch. */
export const worldState = z.object({
  format: z.literal(1),
  startedAt: z.number(),
  /** End of the last interval that was simulated. */
  tickAt: z.number(),
  phases: z.record(z.string(), z.number()),
  /** Last sample of each workload that the intake has taken: of the demand, and of everything else. */
  sent: z.record(z.string(), z.object({ demand: z.number(), others: z.number() })),
  targets: z.record(z.string(), targetState),
})
export type WorldState = z.infer<typeof worldState>

/** Traces being played, by workload; in a file of their own because they are long and seldom change. */
export const playsState = z.record(z.string(), playState)
export type PlaysState = z.infer<typeof playsState>
