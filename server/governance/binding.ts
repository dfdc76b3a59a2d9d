import { contentHashOf } from '../audit/index.ts'
import type { PriceTerms } from '../plan/contract.ts'
import type { ApprovalBinding } from './contract.ts'

/** SHA-256 of the canonical binding: the content hash that a person approves. */
export function bindingHash(binding: ApprovalBinding): string {
  return contentHashOf(binding)
}

/** What may move under an approval. */
export type Conditions = Pick<ApprovalBinding, 'targets' | 'policyVersion' | 'prices'> & {
  otherPolicies: { workloadId: string; version: number }[]
}

/** What an approval says may not move. */
export function conditionsIn(binding: ApprovalBinding): Conditions {
  const { targets, policyVersion, prices } = binding
  const otherPolicies = binding.format === 'infrasage-approval/2' ? binding.otherPolicies : []
  return { targets, policyVersion, prices, otherPolicies }
}

/**
 * Everything bound that is not what it was, old → new, in words; empty exactly if the hash would be the same, but for the
 * version of the published rules: those are judged by what they make of the plan (`ruleMoves`). `levelOf`: what a target was asked for
 * when it was planned, and is asked for now, so that a change of it is not told by version alone.
 */
export function movesSince(
  bound: Conditions,
  now: Conditions,
  levelOf: (targetId: string) => { from: number; to: number | null } | null = () => null,
): string[] {
  const moves: string[] = []
  if (bound.policyVersion !== now.policyVersion) {
    moves.push(`the policy moved: version ${bound.policyVersion} → ${now.policyVersion}`)
  }
  moves.push(
    ...changes(
      'the policy of another workload moved: version',
      bound.otherPolicies.map(({ workloadId, version }) => [workloadId, String(version)]),
      now.otherPolicies.map(({ workloadId, version }) => [workloadId, String(version)]),
    ),
    ...changes(
      'the target was changed by somebody else: version',
      bound.targets.map((target) => [target.targetId, target.observedVersion]),
      now.targets.map((target) => [target.targetId, target.observedVersion]),
      (targetId) => levelWords(levelOf(targetId)),
    ),
    ...changes(
      'the price moved:',
      bound.prices.map((price) => [price.offeringId, inWords(price)]),
      now.prices.map((price) => [price.offeringId, inWords(price)]),
    ),
  )
  return moves
}

function inWords({
  pricePerReplicaHourUsd,
  priceProfileUsd,
  pricePerMillionRequestsUsd,
}: PriceTerms): string {
  const byHour = priceProfileUsd ? `, by the hour of the day ${priceProfileUsd.join(', ')}` : ''
  const byRequest =
    pricePerMillionRequestsUsd === undefined ? '' : `, $${pricePerMillionRequestsUsd} per million requests`
  return `$${pricePerReplicaHourUsd} per replica-hour${byHour}${byRequest}`
}

/** Empty where it is not known, or the same level again. */
function levelWords(level: { from: number; to: number | null } | null): string {
  if (level === null || level.to === null || level.to === level.from) return ''
  return `, asked for ${level.from} → ${level.to}`
}

function changes(
  what: string,
  before: [string, string][],
  after: [string, string][],
  also: (id: string) => string = () => '',
): string[] {
  const old = new Map(before)
  const fresh = new Map(after)
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .filter((id) => old.get(id) !== fresh.get(id))
    .map((id) => `${what} ${old.get(id) ?? 'none'} → ${fresh.get(id) ?? 'none'}${also(id)}`)
}
