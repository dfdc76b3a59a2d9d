import type {
  Action,
  NearestCompliant,
  PlanContent,
  PlanFigures,
  PlanInput,
  PolicyResult,
  RuleWorld,
} from './contract.ts'
import { figuresOf } from './figures.ts'
import { judgeOf, poolsOfInput } from './judge.ts'
import { nearestCompliant } from './rules/compliance.ts'
import { refusals } from './rules/nearest.ts'

/** A plan of the past, held against rules that were not in force then. */
export type HeldAgainst = {
  /** What the published rules of the world say; not the bounds of the workload's policy, which it kept. */
  results: PolicyResult[]
  /** What it came to, and what the nearest plan that complies would have; the same where nothing refuses it. */
  made: PlanFigures
  instead: PlanFigures
  nearest: NearestCompliant | null
}

/** `world`: rules and what they are held against, as of `now`. `actions`: what was proposed, or sent instead. */
export function heldAgainst(
  content: PlanContent,
  {
    actions,
    workload,
    world,
    now,
  }: { actions: Action[]; workload: PlanInput['workload']; world: RuleWorld; now: string },
): HeldAgainst {
  const { forecast, capacity, otherPools = [], policy, approval } = content.evidence
  const input: PlanInput = {
    now,
    workload,
    forecast,
    capacity,
    otherPools,
    policy,
    ...(approval ? { approval } : {}),
    rules: world,
    lastChangeAt: null,
    // It was made on telemetry that was good enough then.
    lastSampleAt: now,
    riseWaits: false,
  }
  const wanted = { actions, ...(content.purpose ? { purpose: content.purpose } : {}) }
  const judge = judgeOf(input)
  const figures = figuresOf(input)
  const results = judge(wanted).filter(({ name }) => name !== undefined)
  const made = figures(actions)
  if (refusals(results).length === 0) return { results, made, instead: made, nearest: null }
  const nearest = nearestCompliant({ wanted, pools: poolsOfInput(input), judge }, figures)
  return { results, made, instead: nearest?.figures ?? figures([]), nearest }
}
