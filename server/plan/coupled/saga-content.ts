import type { Surge } from '../../forecast/index.ts'
import type {
  Action,
  Alternative,
  CapacitySnapshot,
  Direction,
  PlanContent,
  PlanInput,
  Purpose,
} from '../contract.ts'
import { deadlinesOf } from '../deadlines.ts'
import { evidenceOf } from '../evidence.ts'
import { inverse } from '../inverse.ts'
import { poolsOfInput } from '../judge.ts'
import { project, type Wanted } from '../safety/project.ts'
import { assessSaga, touchedPools } from './assess-saga.ts'
import { type SagaStory, sagaReasons, sagaSummary } from './saga-words.ts'

export type SagaRequest = Pick<SagaStory, 'solution' | 'cuts' | 'conflict'> & {
  /** The first is the one whose proposal it is. */
  inputs: readonly PlanInput[]
  actions: Action[]
  surge: Surge | null
  purpose: Purpose
}

/** Puts a proposal of several actions together: effect, alternatives, order, inverse, deadlines, words and evidence. */
export function sagaContent(request: SagaRequest): PlanContent {
  const { inputs, actions, surge, purpose } = request
  const [input, ...others] = inputs
  if (input === undefined) throw new Error('A saga belongs to a workload.')
  const pools = touchedPools(inputs, actions)
  const evidence = evidenceOfSaga(inputs, surge, pools)
  const assessment = assessSaga(inputs, actions, purpose)
  const story = { ...request, input, others, pools, effect: assessment.effect, evidence }
  const risen = pools.filter(({ poolId }) => changeAt(actions, poolId) > 0)
  const lead = Math.max(0, ...risen.map(({ offering }) => offering.leadTimeP90Seconds))
  return {
    ...assessment,
    direction: directionOf(input, actions),
    purpose,
    inverse: inverse(actions),
    summary: sagaSummary(story),
    reasons: sagaReasons(story),
    alternatives: alternativesTo(inputs, pools, actions, purpose),
    ...deadlinesOf(input, surge, lead),
    evidence: { ...evidence, provisioningLeadSeconds: lead },
  }
}

/** What a saga was made from: that of its own workload, its pools and those of others that it touches, and their policies. */
export function evidenceOfSaga(
  inputs: readonly PlanInput[],
  surge: Surge | null,
  pools: readonly CapacitySnapshot[],
): PlanContent['evidence'] {
  const [input, ...others] = inputs
  if (input === undefined) throw new Error('A saga belongs to a workload.')
  const touched = others.filter((other) =>
    poolsOfInput(other).some(({ poolId }) => pools.some((pool) => pool.poolId === poolId)),
  )
  const otherPolicies = touched.map(({ workload, policy }) => ({
    workloadId: workload.id,
    version: policy.version,
  }))
  return {
    ...evidenceOf(input, surge, pools),
    ...(otherPolicies.length > 0 ? { otherPolicies } : {}),
  }
}

/** Why actions on several pools belong together: capacity that changes, or that goes from one place or market to another. */
export function purposeOf(pools: readonly CapacitySnapshot[], actions: readonly Action[]): Purpose {
  const risen = pools.filter(({ poolId }) => changeAt(actions, poolId) > 0)
  const fallen = pools.filter(({ poolId }) => changeAt(actions, poolId) < 0)
  if (risen.length === 0 || fallen.length === 0) return 'capacity'
  const domains = new Set([...risen, ...fallen].map(({ domain }) => domain.id))
  if (domains.size > 1) return 'migrate'
  const markets = new Set([...risen, ...fallen].map(({ offering }) => offering.market))
  return markets.size > 1 ? 'market' : 'capacity'
}

function directionOf({ workload }: PlanInput, actions: readonly Action[]): Direction {
  const own = actions.filter(({ workloadId = workload.id }) => workloadId === workload.id)
  const rises = own.some(({ fromReplicas, toReplicas }) => toReplicas > fromReplicas)
  const falls = own.some(({ fromReplicas, toReplicas }) => toReplicas < fromReplicas)
  if (rises && falls) return 'move'
  if (rises) return 'up'
  return own.every(({ kind }) => kind === 'suspend' || kind === 'cancel') ? 'stop' : 'down'
}

/** "Do nothing" first, then half and one and a half times as much where the safety layer lets that differ. */
function alternativesTo(
  inputs: readonly PlanInput[],
  pools: readonly CapacitySnapshot[],
  actions: Action[],
  purpose: Purpose,
): Alternative[] {
  const found: Alternative[] = [{ kind: 'do-nothing', label: 'Do nothing', ...assessSaga(inputs, []) }]
  const taken = new Set([levelsOf(actions), levelsOf([])])
  const offer = (kind: 'less' | 'more', share: number) => {
    const wanted = actions.map(({ poolId, fromReplicas, toReplicas }): Wanted => {
      const by = Math.trunc((toReplicas - fromReplicas) * share)
      return { poolId, toReplicas: Math.max(0, fromReplicas + by) }
    })
    const projected = project(inputs, wanted, purpose)
    const levels = levelsOf(projected.actions)
    if (taken.has(levels)) return
    taken.add(levels)
    const label = projected.actions
      .map(({ fromReplicas, toReplicas, poolId, targetName }) => {
        const place = pools.find((pool) => pool.poolId === poolId)?.domain.name ?? targetName
        return `${fromReplicas} → ${toReplicas} on ${place}`
      })
      .join(', ')
    found.push({ kind, label, ...assessSaga(inputs, projected.actions, purpose) })
  }
  offer('less', 0.5)
  offer('more', 1.5)
  return found
}

function levelsOf(actions: readonly Action[]): string {
  return actions
    .map(({ poolId, toReplicas }) => `${poolId}=${toReplicas}`)
    .sort()
    .join()
}

function changeAt(actions: readonly Action[], poolId: string): number {
  const action = actions.find((one) => one.poolId === poolId)
  return action === undefined ? 0 : action.toReplicas - action.fromReplicas
}
