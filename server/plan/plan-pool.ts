import { detectSurge, type Surge } from '../forecast/index.ts'
import { assess } from './assess.ts'
import { type BaseStock, levelAsked, levelDown, levelUp, servedQuantile } from './base-stock.ts'
import { composeContent } from './content.ts'
import { capacityBounds, type PlanContent, type PlanInput, type PlanOutcome } from './contract.ts'
import { refusals } from './rules/nearest.ts'
import { isStale, leadsAhead, leadsInSpan } from './timing.ts'
import { withinRules } from './within-rules.ts'

/** A fall must give back at least this share of the present level: hysteresis against flapping. */
const minFallShare = 0.1

/** A rise that waits stays until its chance is down to this share of the asked one: hysteresis, again. */
const keptShare = 0.5

/**
 * The decision for one pool. Up: when demand passes the capacity that is ready or on its way, at any time of the planning
 * span, with at least the policy's surge probability (half of it while a rise waits), to the (1 − κ/p) quantile over lead + approval time. Down: when the whole horizon needs less,
 * telemetry is fresh and the cooldown is over. Where plans have cost too much lately, the autoscaler in the shadow is in
 * control, and its level is proposed instead. Deterministic; keeps every bound or holds and says which.
 */
export function planPool(input: PlanInput): PlanOutcome {
  const { capacity, policy } = input
  if (policy.automationLevel === 'observe')
    return hold('The automation level is "observe": nothing is proposed.')
  const unusable = uncountable(input)
  if (unusable !== null) return hold(unusable)
  const surge = surgeIn(input)
  const asked = reactiveLevel(input)
  if (asked !== null) return planReactive(input, asked, surge)
  if (surge !== null) return planUp(input, surge)
  const current = capacity.desiredReplicas
  if (current < policy.minReplicas) {
    const { minReplicas: level } = policy
    return propose(input, { direction: 'up', level, wanted: level, surge: null, cuts: [] })
  }
  return planDown(input)
}

/** Why replicas cannot be counted from what was given; null where they can. */
function uncountable({ forecast, capacity }: PlanInput): string | null {
  const { capacityPerReplica } = capacity
  const { least, most } = capacityBounds
  if (!(capacityPerReplica >= least && capacityPerReplica <= most))
    return `One replica is said to serve ${capacityPerReplica} ${forecast.unit}; it must be ${least} to ${most}.`
  const wrong = forecast.leads.find(({ values }) => !values.every(Number.isFinite))
  if (wrong)
    return `The forecast for ${wrong.at} holds a value that is not a finite number: nothing is planned by it.`
  return null
}

/**
 * Everything of a proposal for a set-point that a person chose: cost, risk, latency, confidence, policy and reasons are
 * computed anew. Bounds are not applied here; what breaks one fails its policy result.
 */
export function replan(input: PlanInput, toReplicas: number): PlanContent {
  const direction = toReplicas < input.capacity.desiredReplicas ? 'down' : 'up'
  return composeContent({
    input,
    direction,
    toReplicas,
    wanted: toReplicas,
    surge: surgeIn(input),
    cuts: [],
  })
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
  const { level, wanted, cuts, advised } = levelUp(input)
  if (level <= input.capacity.desiredReplicas) {
    return hold(
      wanted <= input.capacity.desiredReplicas
        ? coveredWords(input, advised)
        : `A surge is forecast, but ${cuts.join(' and ')} allow no more than now.`,
    )
  }
  return propose(input, { direction: 'up', level, wanted, surge, cuts, advised })
}

function coveredWords(input: PlanInput, advised: boolean): string {
  if (advised)
    return 'A surge is possible, but by what was paid for such surges lately, more than stands is not worth it.'
  return `A surge is possible, but the ${(servedQuantile(input) * 100).toFixed(0)}% quantile that is served is covered.`
}

/** What the autoscaler asks for where it is in control; null where the plan is. */
function reactiveLevel({ controller }: PlanInput): number | null {
  return controller?.guard.control === 'reactive' ? controller.desired : null
}

function planReactive(input: PlanInput, asked: number, surge: Surge | null): PlanOutcome {
  const { level, wanted, cuts } = levelAsked(input, asked)
  const current = input.capacity.desiredReplicas
  if (level > current) return propose(input, { direction: 'up', level, wanted, surge, cuts })
  if (asked < current) return planDown(input, { level, wanted, cuts })
  return hold('The autoscaler is in control, and asks for no more than stands.')
}

function planDown(
  input: PlanInput,
  lower: Pick<BaseStock, 'level' | 'wanted' | 'cuts'> = levelDown(input),
): PlanOutcome {
  const { capacity, policy } = input
  const current = capacity.desiredReplicas
  const { level, wanted, cuts } = lower
  if (level >= current) return hold('Capacity fits the forecast.')
  if (isSmallFall(current, level)) return hold('The excess is too small to act on.')
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
  return propose(input, { direction: 'down', level, wanted, surge: null, cuts })
}

function isSmallFall(from: number, to: number): boolean {
  return from - to < Math.max(1, Math.ceil(from * minFallShare))
}

/** A level within the bounds of the policy, and what was wanted before any bound. */
type Wish = {
  direction: 'up' | 'down'
  level: number
  wanted: number
  surge: Surge | null
  cuts: string[]
  advised?: boolean
}

function propose(
  input: PlanInput,
  { direction, level, wanted, surge, cuts, advised = false }: Wish,
): PlanOutcome {
  const current = input.capacity.desiredReplicas
  const ruled = withinRules(input, level)
  if (ruled.level === current && ruled.cuts.length > 0) {
    const why = ruled.cuts.join(' and ')
    return hold(
      direction === 'up'
        ? `More capacity is needed, but ${why} allows none.`
        : `Less capacity would do, but ${why} lets none go.`,
    )
  }
  const toReplicas = ruled.level
  if (ruled.cuts.length > 0 && direction === 'down' && isSmallFall(current, toReplicas))
    return hold(`What ${ruled.cuts.join(' and ')} lets go is too little to act on.`)
  const { policyResults } = assess(input, toReplicas)
  // The nodes for it are ordered with it.
  const broken = refusals(policyResults).filter(({ rule }) => rule !== 'node-room')
  if (broken.length > 0) {
    return hold(`Policy forbids the change. ${broken.map(({ message }) => message).join(' ')}`)
  }
  const content = composeContent({
    input,
    direction,
    toReplicas,
    wanted,
    advised,
    surge,
    cuts: [...cuts, ...ruled.cuts],
  })
  return { kind: 'propose', content }
}

function hold(reason: string): PlanOutcome {
  return { kind: 'hold', reason }
}
