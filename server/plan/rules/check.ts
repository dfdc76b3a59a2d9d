import {
  type Action,
  inScope,
  type PolicyResult,
  type Purpose,
  type Rule,
  type RuledPlan,
  type RuleWorkload,
  type RuleWorld,
  type WrittenFacts,
} from '../contract.ts'
import { isFrozen, windowWords } from './freeze.ts'
import { type LevelLimit, levelLimits } from './limits.ts'
import { type Moments, momentsOf, type Range } from './moments.ts'
import { signed } from './words.ts'
import { type WrittenVerdict, writtenJudge } from './written/policies.ts'

/** Published rules, ready to be held against any number of plans for the same workloads. */
export type RuleBook = (plan: RuledPlan) => PolicyResult[]

/**
 * Holds every published rule that is about a touched workload against a plan, at every moment of its stages: the same at
 * planning, overriding, approving and dispatching. What lowers cost or carbon is never refused by a limit on them.
 */
export function checkRules(plan: RuledPlan, world: RuleWorld): PolicyResult[] {
  return ruleBook(world)(plan)
}

/** `checkRules` for many plans: what does not depend on the plan is worked out once. */
export function ruleBook(world: RuleWorld): RuleBook {
  const limits = Map.groupBy(levelLimits(world), ({ rule }) => rule.name)
  const frozen = new Map(
    world.ruleSet.rules.map((rule) => [
      rule.name,
      rule.kind === 'freeze' && isFrozen(rule.window, world.now),
    ]),
  )
  const written = new Map(
    world.ruleSet.rules.flatMap((rule) =>
      rule.kind === 'written' ? [[rule.name, writtenJudge(rule.text)]] : [],
    ),
  )
  const pools = new Map(world.pools.map((pool) => [pool.poolId, pool]))
  const workloads = new Map(world.workloads.map((workload) => [workload.id, workload]))
  const present = new Map(world.pools.map(({ poolId, level }) => [poolId, level]))

  return ({ actions, purpose }) => {
    if (actions.length === 0) return []
    const touched = actions.map((action): Touch => {
      const pool = pools.get(action.poolId)
      const workload = pool && workloads.get(pool.workloadId)
      // A pool that rules cannot see must not pass them.
      if (!pool || !workload)
        throw new Error(`No rule can be held against the unknown pool ${action.poolId}.`)
      return { action, pool, workload }
    })
    const moments = momentsOf(actions)
    return world.ruleSet.rules.flatMap((rule): PolicyResult[] => {
      const mine = touched.filter(({ workload }) => inScope(rule.scope, workload))
      if (mine.length === 0) return []
      const judge = written.get(rule.name)
      if (judge)
        return [
          holdWritten(
            rule,
            mine.map((touch) => judge(factsOf(touch, world.now, purpose))),
          ),
        ]
      const ids = new Set(mine.map(({ pool }) => pool.poolId))
      const bound = (limits.get(rule.name) ?? []).filter(({ terms }) => [...ids].some((id) => terms.has(id)))
      if (bound.length > 0) return bound.map((limit) => holdLimit(limit, moments, present))
      return holdEach(rule, mine, frozen.get(rule.name) === true, purpose === 'stop-harm')
    })
  }
}

type Touch = { action: Action; pool: RuleWorld['pools'][number]; workload: RuleWorkload }

/** The worst moment of the plan against the limit, and against what was before. */
function holdLimit(limit: LevelLimit, moments: Moments, present: ReadonlyMap<string, number>): PolicyResult {
  const { rule, terms, most } = limit
  const before = new Map([...present, ...moments.before])
  const worst = moments.ranges
    .map((ranges) => worstLevels(terms, before, ranges))
    .map((levels) => ({ levels, value: limit.measure(levels) }))
    .reduce((a, b) => (b.value > a.value ? b : a))
  const start = limit.measure(before)
  const passed = worst.value <= Math.max(most, start) + 1e-9 * Math.max(1, most, Math.abs(start))
  return result(rule, passed, limit.limitWords, limit.actualWords(worst.levels))
}

function worstLevels(
  terms: ReadonlyMap<string, number>,
  before: ReadonlyMap<string, number>,
  ranges: ReadonlyMap<string, Range>,
): Map<string, number> {
  const levels = new Map(before)
  for (const [poolId, { low, high }] of ranges) levels.set(poolId, (terms.get(poolId) ?? 0) > 0 ? high : low)
  return levels
}

/** Rules about single actions. A job that is stopped because it does harm is stopped in any freeze and at any rate. */
function holdEach(rule: Rule, touched: Touch[], frozen: boolean, stopsHarm: boolean): PolicyResult[] {
  const rises = touched.filter(({ action }) => action.toReplicas > action.fromReplicas)
  const falls = touched.filter(({ action }) => action.toReplicas < action.fromReplicas)
  const bindable = touched.filter(({ action }) => !(stopsHarm && isStop(action)))
  const judge = (broken: Touch[], limit: string, actual: (touch: Touch) => string): PolicyResult[] => {
    const shown = broken[0] ?? touched[0]
    return shown ? [result(rule, broken.length === 0, limit, actual(shown))] : []
  }
  switch (rule.kind) {
    case 'jurisdictions':
      return judge(
        rises.filter(({ pool }) => !rule.allowed.includes(pool.jurisdiction)),
        rule.allowed.join(', '),
        ({ pool }) => `${pool.jurisdiction} (${pool.place})`,
      )
    case 'security-tier':
      return judge(
        rises.filter(({ pool }) => pool.securityTier < rule.minimum),
        `tier ${rule.minimum} or higher`,
        ({ pool }) => `tier ${pool.securityTier} (${pool.place})`,
      )
    case 'step-limit':
      return judge(
        touched.filter(({ action }) => isStep(action) && changeOf(action) > stepOf(rule, action)),
        `at most +${rule.maxUp} or −${rule.maxDown} at a time`,
        ({ action, pool }) => `${signed(action.toReplicas - action.fromReplicas)} (${pool.place})`,
      )
    case 'rate-limit':
      return judge(
        bindable.filter(({ workload }) => workload.changesLastHour + 1 > rule.maxChangesPerHour),
        `at most ${rule.maxChangesPerHour} changes per hour`,
        ({ workload }) => `change ${workload.changesLastHour + 1} of ${workload.name} in an hour`,
      )
    case 'freeze': {
      const held = rule.blocks === 'falls' ? bindable.filter((touch) => falls.includes(touch)) : bindable
      const what = rule.blocks === 'falls' ? 'nothing is taken away' : 'no changes'
      return judge(frozen ? held : [], `${what} ${windowWords(rule.window)}`, () =>
        frozen ? 'frozen now' : 'not frozen now',
      )
    }
    default:
      // A limit on levels whose group holds none of the touched pools, or that has no demand to be held against.
      return []
  }
}

/** Policies in Cedar refuse a plan that holds an action which one of them forbids, or about which nothing can be said. */
function holdWritten(rule: Rule, verdicts: readonly WrittenVerdict[]): PolicyResult {
  const fault = verdicts.find((verdict) => verdict.fault !== null)?.fault ?? null
  const forbidden = verdicts.flatMap((verdict) => verdict.forbidden)
  const names = [...new Set(forbidden.map(({ id }) => id))].join(', ')
  const messages = [...new Set(forbidden.flatMap(({ message }) => message ?? []))].join(' ')
  const passed = fault === null && forbidden.length === 0
  const actual = passed
    ? 'nothing forbids it'
    : fault === null
      ? `${names} forbids it`
      : 'it cannot be judged'
  const limit = fault ?? (messages || 'what its policies forbid is refused')
  return result(rule, passed, limit, actual)
}

function factsOf({ action, pool, workload }: Touch, now: string, purpose?: Purpose): Required<WrittenFacts> {
  const { kind, fromReplicas: from, toReplicas: to } = action
  const paid = (level: number) => Math.max(0, level - (pool.paidFrom ?? 0))
  const extra = paid(to) - paid(from)
  return {
    action: kind,
    workload: workload.name,
    team: workload.team,
    environment: workload.environment,
    dataClassification: workload.dataClassification,
    purpose: purpose ?? 'capacity',
    from,
    to,
    market: pool.market,
    jurisdiction: pool.jurisdiction,
    securityTier: pool.securityTier,
    extraUsdPerHour: extra * pool.pricePerHourUsd,
    extraCarbonGPerHour: extra * pool.carbonGPerHour,
    changesLastHour: workload.changesLastHour,
    spentThisMonthUsd: workload.spentThisMonthUsd,
    at: now,
  }
}

function isStop({ kind }: Action): boolean {
  return kind === 'cancel' || kind === 'suspend'
}

/** Steps are of replicas, nodes and warm instances; a job that runs or not, and a share of a size, have none. */
function isStep({ kind }: Action): boolean {
  return kind === 'scale' || kind === 'allocate' || kind === 'prewarm'
}

function changeOf({ fromReplicas, toReplicas }: Action): number {
  return Math.abs(toReplicas - fromReplicas)
}

function stepOf(rule: Extract<Rule, { kind: 'step-limit' }>, { fromReplicas, toReplicas }: Action): number {
  return toReplicas > fromReplicas ? rule.maxUp : rule.maxDown
}

function result(rule: Rule, passed: boolean, limit: string, actual: string): PolicyResult {
  const { kind, name, enforcement, note } = rule
  const why = note ? ` ${note.replace(/[.\s]*$/, '.')}` : ''
  // A written policy brings its own words: they say why, and may be whole sentences.
  const failed = kind === 'written' ? `${actual}: ${limit.replace(/[.\s]*$/, '')}` : `${actual}, but ${limit}`
  const message = passed ? `Rule ${name}: ${actual}; ${limit}.` : `Rule ${name}: ${failed}.${why}`
  return { rule: kind, name, enforcement, passed, limit, actual, message }
}
