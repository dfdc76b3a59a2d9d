import { InvalidInputError } from '../kernel/errors.ts'
import type { PlanContent } from '../plan/contract.ts'

/** The hard bounds that a plan breaks, in words with their limits; empty if it may be carried out. */
export function brokenBounds({ policyResults }: Pick<PlanContent, 'policyResults'>): string[] {
  return policyResults
    .filter((result) => !result.passed && result.enforcement === 'hard-mandatory')
    .map((result) => result.message)
}

/** @throws InvalidInputError for a plan that breaks a hard bound, or that asks for what there is already. */
export function refuseUnlessAllowed(content: PlanContent): void {
  const broken = brokenBounds(content)
  if (broken.length > 0) {
    throw new InvalidInputError(
      `Policy forbids this: ${broken.join(' ')}`,
      broken.map((message) => ({ path: 'toReplicas', message })),
    )
  }
  if (content.actions.length === 0) {
    const { targetName, desiredReplicas } = content.evidence.capacity
    throw new InvalidInputError(`There is nothing to do: ${targetName} is at ${desiredReplicas} already.`)
  }
}
