import canonicalize from 'canonicalize'
import type { ApprovalBinding } from '../../server/governance/contract.ts'
import type { PlanContent } from '../../server/plan/contract.ts'

/**
 * What an approval of this content binds, put together from what is on the screen, and not taken from the server: its
 * hash equals the server's only if the person sees exactly what would be approved.
 */
export function bindingSeen(proposalId: string, content: PlanContent): ApprovalBinding {
  const { capacity, policy, prices } = content.evidence
  return {
    format: 'infrasage-approval/1',
    proposalId,
    actions: content.actions,
    targets: [{ targetId: capacity.targetId, observedVersion: capacity.observedVersion }],
    policyVersion: policy.version,
    prices,
  }
}

/** SHA-256 of the canonical JSON (RFC 8785), in hexadecimal; null where the browser has no cryptography (plain HTTP). */
export async function hashOf(binding: ApprovalBinding): Promise<string | null> {
  const text = canonicalize(binding)
  if (text === undefined || !globalThis.crypto?.subtle) return null
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
