import type { ControllerAdvice } from '../contract/control.ts'

/** What `planPool` knows without a controller. */
export type UnadvisedLevel = {
  /** Replicas that the served quantile asks for. */
  wanted: number
  /** Ready and on their way. */
  position: number
  /** Whether telemetry can be believed and is fresh. */
  believed: boolean
}

/**
 * The level to propose where a controller runs beside the plan: what it asks for in the place of the one quantile, under
 * the same bounds, steps and cooldown afterwards. Where telemetry is not believed nothing is taken away, whoever asks.
 */
export function advisedLevel(
  { wanted, position, believed }: UnadvisedLevel,
  advice: ControllerAdvice | null,
): { wanted: number; reasons: string[] } {
  const asked = advice?.desired ?? wanted
  return {
    wanted: believed ? asked : Math.max(asked, position),
    reasons: advice?.desired == null ? [] : advice.reasons,
  }
}
