import {
  type Action,
  type CapacitySnapshot,
  isSaga,
  type PlanContent,
  type PriceTerms,
  priceTermsOf,
} from '../../plan/contract.ts'

/**
 * Exactly what an approval is bound to; its canonical SHA-256 is the content hash that a person approves. Format 1: the
 * scaling of one pool. Format 2: several actions, or of another kind; `inverse` is what may be written to take them back
 * when one of them fails, and `otherPolicies` are those of the other workloads that are touched.
 */
export type ApprovalBinding = {
  proposalId: string
  actions: Action[]
  /** Version of every target that is written. */
  targets: { targetId: string; observedVersion: string }[]
  policyVersion: number
  /** Absent: no rules were published. */
  ruleSetVersion?: number
  /** Price at every offering that a written pool stands in. */
  prices: PriceTerms[]
} & (
  | { format: 'infrasage-approval/1' }
  | {
      format: 'infrasage-approval/2'
      inverse: Action[] | null
      otherPolicies: { workloadId: string; version: number }[]
    }
)

/** What an approval of this content would be bound to: every target that is written, at the version and price it was planned by. */
export function bindingOf(proposalId: string, content: PlanContent): ApprovalBinding {
  const { actions, evidence } = content
  const pools = touchedPools(content)
  const priced = new Map(evidence.prices.map((price) => [price.offeringId, price]))
  const prices = new Map(
    pools.map(({ offering }) => [offering.id, priced.get(offering.id) ?? priceTermsOf(offering)]),
  )
  const bound = {
    proposalId,
    actions,
    targets: pools.map(({ targetId, observedVersion }) => ({ targetId, observedVersion })),
    policyVersion: evidence.policy.version,
    ...ruleSetBound(evidence.ruleSetVersion),
    prices: [...prices.values()],
  }
  if (!isSaga(content)) return { format: 'infrasage-approval/1', ...bound }
  return {
    format: 'infrasage-approval/2',
    ...bound,
    inverse: content.inverse ?? null,
    otherPolicies: evidence.otherPolicies ?? [],
  }
}

/** Before the first rules were published nothing of them is bound, so that what was approved then keeps its hash. */
function ruleSetBound(version: number | undefined): { ruleSetVersion?: number } {
  return version ? { ruleSetVersion: version } : {}
}

/** The pools that the actions of a plan write; of one without actions the leading pool, which it leaves as it is. */
export function touchedPools({
  actions,
  evidence,
}: Pick<PlanContent, 'actions' | 'evidence'>): CapacitySnapshot[] {
  const { capacity, otherPools = [] } = evidence
  if (actions.length === 0) return [capacity]
  const targets = new Set(actions.map(({ targetId }) => targetId))
  return [capacity, ...otherPools].filter(({ targetId }) => targets.has(targetId))
}
