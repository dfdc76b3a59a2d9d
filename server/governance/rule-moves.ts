import type { PlanContent, PolicyResult } from '../plan/contract.ts'

type Judged = {
  policyResults: PolicyResult[]
  evidence: Pick<PlanContent['evidence'], 'ruleSetVersion'>
}

/**
 * What newer published rules make of a plan that those it was made under did not, in words: rules that refuse or flag it now,
 * and rules that do so no more. Empty while the outcome is the same, whatever else was published.
 */
export function ruleMoves(then: Judged, now: Judged): string[] {
  const [from, to] = [then.evidence.ruleSetVersion ?? 0, now.evidence.ruleSetVersion ?? 0]
  if (from === to) return []
  const before = broken(then)
  const after = broken(now)
  const moves: string[] = []
  for (const [key, result] of after)
    if (!before.has(key))
      moves.push(`version ${to} of the published rules stands against it: ${result.message}`)
  for (const [key, { name, rule }] of before)
    if (!after.has(key))
      moves.push(`rule ${name ?? rule} of version ${from} no longer stands against it in version ${to}`)
  return moves
}

/**
 * Published rules that a plan breaks, by name, how strictly they hold and what they say, so that what was let pass is not passed by another
 * rule of its name; bounds of the workload's own policy have a version of their own.
 */
function broken({ policyResults }: Pick<Judged, 'policyResults'>): Map<string, PolicyResult> {
  const ofRules = policyResults.filter(({ passed, name }) => !passed && name !== undefined)
  return new Map(
    ofRules.map((result) => {
      const { name, enforcement, rule, limit } = result
      return [`${name}/${enforcement}/${rule}/${limit}`, result]
    }),
  )
}
