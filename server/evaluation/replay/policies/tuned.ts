import type { CapacityPolicy, PolicySetup } from '../../../plan/index.ts'
import { costOf, type Scene } from '../simulate.ts'

export type Choice = { target: number; stabilisationSeconds: number }

/** Every pair, targets outermost. */
export function choicesOf(targets: readonly number[], stabilisations: readonly number[]): Choice[] {
  return targets.flatMap((target) =>
    stabilisations.map((stabilisationSeconds) => ({ target, stabilisationSeconds })),
  )
}

/** The history of a policy from step `from` on, as a scene of its own with what precedes it as history. */
export function sceneOfHistory(setup: PolicySetup, from: number): Scene {
  const { history, terms, startSeconds, targetUtilisation, controlIntervalSeconds } = setup
  return {
    demand: history.values,
    gap: history.gap,
    from,
    to: history.length,
    startSeconds,
    terms,
    targetUtilisation,
    controlIntervalSeconds,
    initialReplicas: 'auto',
  }
}

/** The choice that would have cost least over the scene, the first of equals. */
export function cheapest(
  scene: Scene,
  choices: readonly Choice[],
  make: (setup: PolicySetup, choice: Choice) => CapacityPolicy,
): Choice | null {
  let best: { choice: Choice; cost: number } | null = null
  for (const choice of choices) {
    const cost = costOf(scene, (setup) => make(setup, choice))
    if (best === null || cost < best.cost) best = { choice, cost }
  }
  return best?.choice ?? null
}

export const noteOf = ({ target, stabilisationSeconds }: Choice): string =>
  `target=${target} stab=${stabilisationSeconds}`
