import { headroom, sizes } from '../advice/right-sizing.ts'
import type { CapacitySnapshot, PlanInput, PlanOutcome, SizeEvidence } from '../contract.ts'
import { serves } from '../contract.ts'
import { keepReason } from '../coupled/limits.ts'
import { coupledSurge } from '../coupled/plan-workload.ts'
import { poolsOfInput } from '../judge.ts'
import { poolAction } from '../pool-action.ts'
import { refusals } from '../rules/nearest.ts'
import { composeSaga } from '../saga/compose.ts'
import type { SizeUse } from './size-use.ts'
import { rightSizeReasons, rightSizeSummary } from './words.ts'

/** Less is told from so many steps over a whole day at least: its peak is among them. */
const fewestToShrink = 200
const leastSpanMs = 86_400_000
/** More is asked for sooner, and only where nearly nothing is free. */
const fewestToGrow = 20
const tight = 0.95
/** Nothing runs late: people have days, and what they reject stays rejected as long. */
const actBySeconds = 3 * 86_400
const livesSeconds = 7 * 86_400

/**
 * Whether replicas should request less or more hardware, by what they were measured to use at the present size: one size smaller where
 * the busiest hundredth of steps would still leave a fifth of it free, one larger where less than a twentieth is. Null while that cannot be
 * told or while capacity is on its way, falls back or is short: what waits then stays. Deterministic.
 */
export function planRightSize(input: PlanInput, use: SizeUse | null): PlanOutcome | null {
  const pools = poolsOfInput(input)
  const size = pools.find(({ control, governsPoolId }) => control === 'size' && governsPoolId !== undefined)
  const cut = pools.find(({ poolId }) => poolId === size?.governsPoolId)
  if (input.policy.automationLevel === 'observe')
    return hold('The automation level is "observe": nothing is proposed.')
  if (size === undefined || cut === undefined || use === null) return null
  // Several pools of one workload share its signals: whose they are cannot be told.
  if (pools.filter(serves).length > 1)
    return hold('Several pools serve the workload, and measure its use together.')
  if (cut.heldBy) return hold('The replicas are paid with their nodes: a smaller size saves nothing.')
  const present = size.desiredReplicas
  if (size.readyReplicas !== present) return null
  const need = Math.max(use.busiest, use.memory) * present
  const next = isTight(use, need, present) ? above(present) : below(present)
  if (next === null) return hold('The size fits.')
  if (next < present) {
    if (need > next * (1 - headroom)) return hold('A smaller size would leave too little free.')
    if (use.shares.length < fewestToShrink || use.toMs - use.fromMs < leastSpanMs) return null
    if (input.riseWaits || keepReason(input, pools) !== null) return null
    if (coupledSurge(input, pools.filter(serves)) !== null) return null
  }
  return propose(input, size, { ...evidenceOf(use, present, next, need) }, next)
}

function isTight({ shares }: SizeUse, need: number, present: number): boolean {
  return present < 100 && shares.length >= fewestToGrow && need > present * tight
}

const above = (present: number): number | null => steps.find((size) => size > present) ?? null
const below = (present: number): number | null => steps.findLast((size) => size < present) ?? null
const steps = sizes.map((share) => share * 100)

function evidenceOf(use: SizeUse, present: number, next: number, need: number): SizeEvidence {
  const held = use.shares.filter((share) => share * present <= next)
  return {
    size: present,
    from: new Date(use.fromMs).toISOString(),
    to: new Date(use.toMs).toISOString(),
    steps: use.shares.length,
    busiest: use.busiest,
    memory: use.memory,
    leavesFree: 1 - need / next,
    heldShare: held.length / use.shares.length,
  }
}

function propose(
  input: PlanInput,
  size: CapacitySnapshot,
  evidence: SizeEvidence,
  next: number,
): PlanOutcome {
  const at = (seconds: number) => new Date(Date.parse(input.now) + seconds * 1_000).toISOString()
  const content = composeSaga(
    { own: input, others: [] },
    {
      purpose: 'right-size',
      direction: next < size.desiredReplicas ? 'down' : 'up',
      actions: [{ ...poolAction(size, next, input.workload.id), stage: 0 }],
      summary: rightSizeSummary(input, size, next),
      reasons: rightSizeReasons(input, size, evidence, next),
      size: evidence,
      actBy: at(actBySeconds),
      expiresAt: at(livesSeconds),
    },
  )
  const broken = refusals(content.policyResults)
  if (broken.length > 0)
    return hold(`Policy forbids another size. ${broken.map(({ message }) => message).join(' ')}`)
  return { kind: 'propose', content }
}

function hold(reason: string): PlanOutcome {
  return { kind: 'hold', reason }
}
