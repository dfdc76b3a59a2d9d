import canonicalize from 'canonicalize'
import type { ApprovalBinding } from '../../server/governance/contract.ts'
import type { CapacitySnapshot, PlanContent } from '../../server/plan/contract.ts'

/**
 * What an approval of this content binds, put together from what is on the screen, and not taken from the server: its
 * hash equals the server's only if the person sees exactly what would be approved.
 */
export function bindingSeen(proposalId: string, content: PlanContent): ApprovalBinding {
  const { actions, evidence, inverse, purpose } = content
  const pools = writtenPools(content)
  const shown = new Map(evidence.prices.map((price) => [price.offeringId, price]))
  const prices = new Map(
    pools.map(({ offering: { id, pricePerReplicaHourUsd } }) => [
      id,
      shown.get(id) ?? { offeringId: id, pricePerReplicaHourUsd },
    ]),
  )
  const bound = {
    proposalId,
    actions,
    targets: pools.map(({ targetId, observedVersion }) => ({ targetId, observedVersion })),
    policyVersion: evidence.policy.version,
    ...(evidence.ruleSetVersion ? { ruleSetVersion: evidence.ruleSetVersion } : {}),
    prices: [...prices.values()],
  }
  if (purpose === undefined && inverse === undefined) return { format: 'infrasage-approval/1', ...bound }
  return {
    format: 'infrasage-approval/2',
    ...bound,
    inverse: inverse ?? null,
    otherPolicies: evidence.otherPolicies ?? [],
  }
}

/** The pools whose targets the actions write, the leading one first; without actions the leading one. */
export function writtenPools({
  actions,
  evidence,
}: Pick<PlanContent, 'actions' | 'evidence'>): CapacitySnapshot[] {
  if (actions.length === 0) return [evidence.capacity]
  const written = new Set(actions.map(({ targetId }) => targetId))
  return [evidence.capacity, ...(evidence.otherPools ?? [])].filter(({ targetId }) => written.has(targetId))
}

/** SHA-256 of the canonical JSON (RFC 8785), in hexadecimal; null where the browser has no cryptography (plain HTTP). */
export async function hashOf(binding: ApprovalBinding): Promise<string | null> {
  const text = canonicalize(binding)
  if (text === undefined || !globalThis.crypto?.subtle) return null
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
