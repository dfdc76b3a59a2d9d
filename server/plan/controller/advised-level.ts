import type { ControllerAdvice } from '../contract/control.ts'

/** Before it has seen a day, and this many steps, a controller weighs little but its own beginnings. */
const LEAST_STEPS = 288
const DAY_SECONDS = 86_400

/** How many steps a controller must have seen for rises to follow it. */
export const evidenceSteps = (stepSeconds: number): number =>
  Math.max(LEAST_STEPS, Math.ceil(DAY_SECONDS / stepSeconds))

/** Whether a controller has seen enough steps to have a say. */
export const hasSeenEnough = (steps: number, stepSeconds: number): boolean =>
  steps >= Math.max(LEAST_STEPS, DAY_SECONDS / stepSeconds)

/** What `planPool` knows without a controller, in replicas. */
export type UnadvisedLevel = {
  /** What the served quantile asks for. */
  wanted: number
  /** What a cheaper and a safer quantile ask for. */
  less: number
  more: number
  stepSeconds: number
}

/**
 * The level to rise to where a controller runs beside the plan and has seen enough: what it asks for in the place of the
 * one quantile, no further from the forecast than the cheaper and the safer plan. null: it has no say.
 */
export function advisedLevel(
  { wanted, less, more, stepSeconds }: UnadvisedLevel,
  advice: ControllerAdvice | null,
): number | null {
  if (advice === null || advice.desired === null || advice.steps < evidenceSteps(stepSeconds)) return null
  return Math.min(Math.max(wanted, more), Math.max(Math.min(wanted, less), advice.desired))
}
