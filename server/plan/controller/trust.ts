import type { TrustState } from './state.ts'
import { BLOCK_STEPS, evidenceOf, MEMORY_STEPS, STEEPNESS } from './tally.ts'

/**
 * What is remembered, long and of late, with the odds against the plan before there is evidence: even. Of late, a plan that has
 * earned its say loses it only to evidence against it.
 */
const MEMORIES = [
  { steps: MEMORY_STEPS, odds: 1 },
  { steps: 500, odds: Math.exp(-3) },
]

/** `spent`: what the autoscaler cost in all, undiscounted. */
export const freshTrust = (): TrustState => ({
  memories: MEMORIES.map(() => ({ regret: 0, spread: 0 })),
  open: 0,
  spent: 0,
})

/** Steps that are judged together: what is decided in one of them is seen to the end in it, or nearly so. */
export const trustBlockSteps = (stepsToReady: number): number => Math.max(BLOCK_STEPS, stepsToReady + 1)

/** Takes what a step cost the autoscaler, and the mean of the candidates. */
export function chargeTrust(trust: TrustState, reactiveCost: number, mixtureCost: number): void {
  trust.open += reactiveCost - mixtureCost
  trust.spent += reactiveCost
}

/** Ends a block of so many steps. */
export function closeTrustBlock(trust: TrustState, steps: number): void {
  const { memories, open } = trust
  for (const [i, memory] of memories.entries()) {
    const kept = (1 - 1 / (MEMORIES[i]?.steps ?? MEMORY_STEPS)) ** steps
    memory.regret = kept * memory.regret + open
    memory.spread = kept * memory.spread + open * open
  }
  trust.open = 0
}

/**
 * Share of the say that the mean of the candidates has beside an autoscaler: half before there is evidence, nine
 * tenths at a gain of 1.1 times its own deviation. On a short record, or with long leads, there are few blocks, and n of them show at most √n deviations.
 */
export function trustOf({ memories }: TrustState): number {
  const odds = memories.map(
    (memory, i) => (MEMORIES[i]?.odds ?? 1) * Math.exp(-STEEPNESS * evidenceOf(memory)),
  )
  return 1 / (1 + Math.max(...odds))
}
