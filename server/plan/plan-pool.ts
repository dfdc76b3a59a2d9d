import { detectSurge, type Surge } from '../forecast/index.ts'
import { assess } from './assess.ts'
import { levelDown, levelUp, servedQuantile } from './base-stock.ts'
import { composeContent } from './content.ts'
import type { PlanContent, PlanInput, PlanOutcome } from './contract.ts'
import { isStale, leadsAhead, leadsInSpan } from './timing.ts'

/** A fall must give back at least this share of the present level: hysteresis against flapping. */
const minFallShare = 0.1

/** A rise that waits stays until its chance is down to this share of the asked one: hysteresis, again. */
const keptShare = 0.5

/**
 * The decision for one pool. Up: when demand passes the capacity that is ready or on its way, at any time of the planning
 * span, with at least the policy's surge probability (half of it while a rise waits), to the (1 − κ/p) quantile over lead + approval time. Down: when the whole horizon needs less,
 * telemetry is fresh and the cooldown is over. Deterministic; keeps every bound or holds and says which.
 */
export function planPool(input: PlanInput): PlanOutcome {
  const { capacity, policy } = input
  if (policy.automationLevel === 'observe')
    return hold('The automation level is "observe": nothing is proposed.')
  const surge = surgeIn(input)
  if (surge !== null) return planUp(input, surge)
  const current = capacity.desiredReplicas
  if (current < policy.minReplicas) return propose(input, 'up', policy.minReplicas, null, [])
  return planDown(input)
}

/**
 * Everything of a proposal for a set-point that a person chose: cost, risk, latency, confidence, policy and reasons are
 * computed anew. Bounds are not applied here; what breaks one fails its policy result.
 */
export function replan(input: PlanInput, toReplicas: number): PlanContent {
  const direction = toReplicas < input.capacity.desiredReplicas ? 'down' : 'up'
  return composeContent({ input, direction, toReplicas, surge: surgeIn(input), cuts: [] })
}

/** The surge to act on now: it starts within the planning span, and is followed to its end wherever that is. */
function surgeIn(input: PlanInput): Surge | null {
  const { capacity, policy, forecast, riseWaits } = input
  return detectSurge({
    leads: leadsAhead(input),
    levels: forecast.levels,
    joint: forecast.joint,
    capacity: capacity.desiredReplicas * capacity.capacityPerReplica,
    minProbability: policy.surgeProbability * (riseWaits ? keptShare : 1),
    within: leadsInSpan(input).length,
  })
}

function planUp(input: PlanInput, surge: Surge): PlanOutcome {
  const { level, wanted, cuts } = levelUp(input)
  if (level <= input.capacity.desiredReplicas) {
    return hold(
      wanted <= input.capacity.desiredReplicas
        ? `A surge is possible, but the ${(servedQuantile(input) * 100).toFixed(0)}% quantile that is served is covered.`
        : `A surge is forecast, but ${cuts.join(' and ')} allow no more than now.`,
    )
  }
  return propose(input, 'up', level, surge, cuts)
}

function planDown(input: PlanInput): PlanOutcome {
  const { capacity, policy } = input
  const current = capacity.desiredReplicas
  const { level, cuts } = levelDown(input)
  if (level >= current) return hold('Capacity fits the forecast.')
  if (current - level < Math.max(1, Math.ceil(current * minFallShare)))
    return hold('The excess is too small to act on.')
  if (input.lastSampleAt === null)
    return hold(
      'Telemetry is absent, fell to zero at once or stands still, and is not believed: nothing is taken away.',
    )
  if (isStale(input)) return hold('Telemetry is stale: nothing is taken away.')
  if (capacity.readyReplicas < current)
    return hold('Capacity is still on its way; nothing is taken away before it arrived.')
  const since =
    input.lastChangeAt === null ? Infinity : Date.parse(input.now) - Date.parse(input.lastChangeAt)
  if (since < policy.scaleDownCooldownSeconds * 1_000)
    return hold('The cooldown after the last change is not over.')
  return propose(input, 'down', level, null, cuts)
}

function propose(
  input: PlanInput,
  direction: 'up' | 'down',
  toReplicas: number,
  surge: Surge | null,
  cuts: string[],
): PlanOutcome {
  const { allowed, policyResults } = assess(input, toReplicas)
  if (!allowed) {
    const broken = policyResults.filter(({ passed }) => !passed).map(({ message }) => message)
    return hold(`Policy forbids the change. ${broken.join(' ')}`)
  }
  return { kind: 'propose', content: composeContent({ input, direction, toReplicas, surge, cuts }) }
}

function hold(reason: string): PlanOutcome {
  return { kind: 'hold', reason }
}
