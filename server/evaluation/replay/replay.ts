import { InvalidInputError } from '../../kernel/errors.ts'
import { floorTolerant } from '../../plan/index.ts'
import type { ReplayPolicy } from '../contract.ts'
import { clairvoyant } from './clairvoyant.ts'
import { type ReplayConfig, termsOf } from './config.ts'
import { policies } from './policies/policies.ts'
import { type PolicyFactory, type Scene, type Simulation, secondsOfDay, simulate } from './simulate.ts'
import { latencyOf, type RunScores, type StepLatency, scoresOf } from './summary.ts'
import type { Trace } from './trace.ts'

export type ReplayRun = Simulation & { policy: ReplayPolicy; latency: StepLatency; scores: RunScores }

/** The part of a trace that a configuration asks to score, with what precedes it as history. */
export function sceneOf(trace: Trace, config: ReplayConfig): Scene {
  const { demand, gap, stepSeconds } = trace
  const from = floorTolerant(demand.length * config.evalFrom)
  if (from >= demand.length) {
    throw new InvalidInputError(
      `evalFrom ${config.evalFrom} leaves none of the ${demand.length} steps of "${trace.seriesId}".`,
    )
  }
  return {
    demand,
    gap,
    from,
    to: demand.length,
    startSeconds: secondsOfDay(trace),
    terms: termsOf(config, stepSeconds),
    targetUtilisation: config.targetUtilisation,
    controlIntervalSeconds: config.stepSeconds,
    initialReplicas: config.initialReplicas,
  }
}

/**
 * Runs one policy, or the optimum, through a scene and scores it. Same scene and policy, same numbers. `make`: in place of
 * what builds the policy otherwise.
 */
export function replay(scene: Scene, policy: ReplayPolicy, make?: PolicyFactory): ReplayRun {
  const run =
    policy === 'clairvoyant' || policy === 'clairvoyant-slo'
      ? clairvoyant(scene, { keepObjective: policy === 'clairvoyant-slo' })
      : simulate(scene, make ?? policies[policy])
  const { initialReplicas, note, accounts } = run
  const latency = latencyOf(scene, accounts)
  return { policy, initialReplicas, note, accounts, latency, scores: scoresOf(scene, accounts, latency) }
}
