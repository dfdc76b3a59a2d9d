import type { Action, BoundName, CapacitySnapshot, PolicyInForce, PolicyResult } from './contract.ts'

export type PolicyCheck = {
  actions: Action[]
  capacity: CapacitySnapshot
  policy: PolicyInForce
  requiredSecurityTier: number
  /** Telemetry of the demand signal is older than three steps, or there is none. */
  telemetryStale: boolean
}

/** Every rule against every action: the same at planning, overriding, approving and dispatching. */
export function checkPolicy(check: PolicyCheck): PolicyResult[] {
  return check.actions.flatMap((action) => checkAction(check, action))
}

/** Whether every hard-mandatory rule holds. */
export function isAllowed(results: PolicyResult[]): boolean {
  return results.every((result) => result.passed || result.enforcement !== 'hard-mandatory')
}

function checkAction(check: PolicyCheck, action: Action): PolicyResult[] {
  const { capacity, policy } = check
  const { domain, offering } = capacity
  const to = action.toReplicas
  const change = to - action.fromReplicas
  const stepLimit = change >= 0 ? policy.maxStepUp : policy.maxStepDown
  const costPerHourUsd = to * offering.pricePerReplicaHourUsd
  // A level that is already outside a bound may always be brought nearer to it.
  const falling = change < 0
  const rising = change > 0
  return [
    rule(
      'min-replicas',
      rising || to >= policy.minReplicas,
      `at least ${policy.minReplicas}`,
      `${to} replicas`,
    ),
    rule(
      'max-replicas',
      falling || to <= policy.maxReplicas,
      `at most ${policy.maxReplicas}`,
      `${to} replicas`,
    ),
    rule(
      'step-limit',
      Math.abs(change) <= stepLimit,
      `at most ${stepLimit} at a time`,
      `${signed(change)} replicas`,
    ),
    rule(
      'cost-limit',
      falling || costPerHourUsd <= policy.costLimitPerHourUsd + 1e-9,
      `at most ${usd(policy.costLimitPerHourUsd)}/h`,
      `${usd(costPerHourUsd)}/h`,
    ),
    rule(
      'quota',
      falling || to <= offering.quotaReplicas,
      `quota of ${offering.quotaReplicas} ${offering.hardwareClass}`,
      `${to} replicas`,
    ),
    rule(
      'allowed-region',
      falling || policy.allowedRegions.includes(domain.region),
      policy.allowedRegions.join(', '),
      domain.region,
    ),
    rule(
      'security-tier',
      falling || domain.securityTier >= check.requiredSecurityTier,
      `tier ${check.requiredSecurityTier} or higher`,
      `tier ${domain.securityTier}`,
    ),
    // Without fresh telemetry nothing is taken away, whoever asks.
    rule(
      'telemetry-fresh',
      !(falling && check.telemetryStale),
      'fresh telemetry to scale down',
      check.telemetryStale ? 'stale' : 'fresh',
    ),
  ]
}

const titles: Record<BoundName, string> = {
  'min-replicas': 'Minimum replicas',
  'max-replicas': 'Maximum replicas',
  'step-limit': 'Step limit',
  'cost-limit': 'Cost limit',
  quota: 'Quota',
  'allowed-region': 'Allowed regions',
  'security-tier': 'Security tier',
  'telemetry-fresh': 'Fresh telemetry',
}

function rule(name: BoundName, passed: boolean, limit: string, actual: string): PolicyResult {
  const message = passed
    ? `${titles[name]}: ${actual}, ${limit}.`
    : `${titles[name]}: ${actual} breaks the bound: ${limit}.`
  return { rule: name, enforcement: 'hard-mandatory', passed, limit, actual, message }
}

function usd(amount: number): string {
  return `$${amount.toFixed(2)}`
}

function signed(change: number): string {
  return `${change < 0 ? '−' : '+'}${Math.abs(change)}`
}
