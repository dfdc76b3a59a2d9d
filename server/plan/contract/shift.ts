/** Work that waited when a plan was made: since when, and how much of it, in units of the demand. */
export type WaitingWork = { since: string; units: number }

/** One clock hour of a schedule, or the part of it that is left. */
export type ShiftHour = {
  at: string
  seconds: number
  replicas: number
  /** How many would do it as it comes; absent in what was kept before that was said. */
  asItComes?: number
  pricePerReplicaHourUsd: number
  carbonGPerReplicaHour: number
  /** Units that come in, at the served quantile, and those that wait when the hour is over. */
  arriving: number
  backlog: number
}

/** How work that may wait is spread over the hours that are forecast, and what that saves against serving it as it comes. */
export type ShiftSchedule = {
  hours: ShiftHour[]
  allowedWaitSeconds: number
  /** Null where it is not known when the last of it is done. */
  longestWaitSeconds: number | null
  /** End of the hour in which the last of what waits now, or is left waiting, is done. */
  doneBy: string
  costUsd: number
  savesUsd: number
  savesCarbonG: number
}
