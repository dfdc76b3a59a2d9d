import { contentHashOf } from '../audit/index.ts'
import type { PlanContent } from '../plan/contract.ts'
import type { ApprovalBinding } from './contract.ts'

/** What an approval of this content would be bound to. */
export function bindingOf(proposalId: string, content: PlanContent): ApprovalBinding {
  const { capacity, policy, ruleSetVersion, prices } = content.evidence
  return {
    format: 'infrasage-approval/1',
    proposalId,
    actions: content.actions,
    targets: [{ targetId: capacity.targetId, observedVersion: capacity.observedVersion }],
    policyVersion: policy.version,
    ...ruleSetBound(ruleSetVersion),
    prices,
  }
}

/** Before the first rules were published nothing of them is bound, so that what was approved then keeps its hash. */
export function ruleSetBound(version: number | undefined): { ruleSetVersion?: number } {
  return version ? { ruleSetVersion: version } : {}
}

/** SHA-256 of the canonical binding: the content hash that a person approves. */
export function bindingHash(binding: ApprovalBinding): string {
  return contentHashOf(binding)
}

/** What may move under an approval. */
export type Conditions = Pick<ApprovalBinding, 'targets' | 'policyVersion' | 'ruleSetVersion' | 'prices'>

/** Everything bound that is not what it was, old → new, in words; empty exactly if the hash would be the same. */
export function movesSince(bound: Conditions, now: Conditions): string[] {
  const moves: string[] = []
  if (bound.policyVersion !== now.policyVersion) {
    moves.push(`the policy moved: version ${bound.policyVersion} → ${now.policyVersion}`)
  }
  const [before, after] = [bound.ruleSetVersion ?? 0, now.ruleSetVersion ?? 0]
  if (before !== after) moves.push(`the published rules moved: version ${before} → ${after}`)
  moves.push(
    ...changes(
      'the target was changed by somebody else: version',
      bound.targets.map((target) => [target.targetId, target.observedVersion]),
      now.targets.map((target) => [target.targetId, target.observedVersion]),
    ),
    ...changes(
      'the price moved:',
      bound.prices.map((price) => [price.offeringId, `$${price.pricePerReplicaHourUsd} per replica-hour`]),
      now.prices.map((price) => [price.offeringId, `$${price.pricePerReplicaHourUsd} per replica-hour`]),
    ),
  )
  return moves
}

function changes(what: string, before: [string, string][], after: [string, string][]): string[] {
  const old = new Map(before)
  const fresh = new Map(after)
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .filter((id) => old.get(id) !== fresh.get(id))
    .map((id) => `${what} ${old.get(id) ?? 'none'} → ${fresh.get(id) ?? 'none'}`)
}
