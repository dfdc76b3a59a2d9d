/** What replicas use of the hardware that they request, at the present size; of a plan that changes the size. */
export type SizeEvidence = {
  /** Percent of full size that it was measured at. */
  size: number
  from: string
  to: string
  /** Steps in which a replica served at least half of what it is declared to. */
  steps: number
  /**
   * Share of the hardware that the busiest hundredth of those steps would use of this size at all that a replica is declared to serve, and
   * share of the memory that the fullest used.
   */
  busiest: number
  memory: number
  /** What the new size leaves free of the larger of both, as a share of itself. */
  leavesFree: number
  /** Share of those steps that the new size would have held. */
  heldShare: number
}
