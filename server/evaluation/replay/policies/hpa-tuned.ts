import type { CapacityPolicy, PolicySetup } from '../../../plan/index.ts'
import { Hpa } from './hpa.ts'
import { type Choice, cheapest, choicesOf, noteOf, sceneOfHistory } from './tuned.ts'

const CHOICES = choicesOf([0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], [60, 300, 900])

const hpa = (setup: PolicySetup, choice: Choice, note?: string) =>
  new Hpa(setup, { metric: 'offered', ...choice }, note)

/** The autoscaler on offered load with the target and the stabilisation that would have cost least so far. */
export function tunedHpa(setup: PolicySetup): CapacityPolicy {
  const choice = cheapest(sceneOfHistory(setup, 0), CHOICES, hpa) ?? CHOICES[0]
  return choice === undefined ? { decide: () => null } : hpa(setup, choice, noteOf(choice))
}
