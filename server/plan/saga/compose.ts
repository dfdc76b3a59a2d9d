import { riskOver } from '../assess.ts'
import { servedQuantile } from '../base-stock.ts'
import {
  type Action,
  type Alternative,
  type Assessment,
  type Direction,
  type PlanContent,
  type PlanInput,
  type Purpose,
  serves,
} from '../contract.ts'
import { assessSaga, touchedPools } from '../coupled/assess-saga.ts'
import { coupledSurge } from '../coupled/plan-workload.ts'
import { evidenceOfSaga } from '../coupled/saga-content.ts'
import { inverse } from '../inverse.ts'
import { poolsOfInput } from '../judge.ts'
import { complianceOfSaga } from './compliance.ts'

/** What a plan of several actions is judged by: its own workload, and the others whose pools its actions touch. */
export type SagaInput = { own: PlanInput; others: PlanInput[] }

/** What belongs together, before it is judged. Actions name their pools; what they lead from is what is observed now. */
export type SagaDraft = {
  purpose: Purpose
  direction: Direction
  actions: Action[]
  /** Beside "Do nothing", which is always there. */
  alternatives?: Pick<Alternative, 'kind' | 'label' | 'actions'>[]
  summary: string
  reasons: string[]
  actBy: string
  expiresAt: string
  /** Why a job is stopped; what it takes of the capacity counts until it is. */
  harm?: PlanContent['evidence']['harm']
  /** Of work that waits for a better hour: demand above capacity is then no surge. */
  shift?: PlanContent['evidence']['shift']
  /** Of a plan that changes a size: how sure it is, is how often that would have held. */
  size?: PlanContent['evidence']['size']
}

/**
 * Puts a plan of given actions together, in their given order: what they do over all touched pools, the parallel peak, every
 * bound of every touched workload and every published rule held against it, and what takes it back. An action that would
 * leave its pool as it is, is left out.
 * @throws Error for two actions on one target, or one on a pool that the input does not have
 */
export function composeSaga(input: SagaInput, draft: SagaDraft): PlanContent {
  const { own } = input
  const { harm, shift, size, alternatives = [], ...said } = draft
  const assessment = assessDraft(input, draft, draft.actions)
  const inputs = touchedInputs(input, assessment.actions)
  const surge = draft.purpose === 'shift' ? null : coupledSurge(own, poolsOfInput(own).filter(serves))
  const evidence = evidenceOfSaga(inputs, surge, touchedPools(inputs, assessment.actions))
  const compliance = complianceOfSaga(inputs, assessment.actions, draft.purpose)
  return {
    ...said,
    ...assessment,
    ...(compliance ? { compliance } : {}),
    inverse: inverse(assessment.actions),
    alternatives: [
      { kind: 'do-nothing', label: 'Do nothing', ...assessDraft(input, draft, []) },
      ...alternatives.map(({ kind, label, actions }) => ({
        kind,
        label,
        ...assessDraft(input, draft, actions),
      })),
    ],
    evidence: {
      ...evidence,
      ...(harm ? { harm } : {}),
      ...(shift ? { shift } : {}),
      ...(size ? { size } : {}),
    },
  }
}

function assessDraft(
  input: SagaInput,
  { purpose, harm, size }: SagaDraft,
  wanted: readonly Action[],
): Assessment {
  const actions = grounded(input, wanted)
  const assessment = assessSaga(touchedInputs(input, actions), actions, purpose)
  if (purpose === 'shift') return { ...assessment, confidence: servedQuantile(input.own) }
  if (size) return { ...assessment, confidence: size.heldShare }
  if (!harm) return assessment
  // Until it is stopped, a loop takes its share of what serves.
  const stops = actions.some(({ kind }) => kind === 'cancel' || kind === 'suspend')
  const risk = (levelOf: (poolId: string) => number | undefined) => {
    const serving = poolsOfInput(input.own).filter(serves)
    const served = serving.reduce(
      (sum, pool) => sum + pool.capacityPerReplica * (levelOf(pool.poolId) ?? pool.desiredReplicas),
      0,
    )
    return riskOver(input.own, Math.max(0, served - harm.excess))
  }
  const after = new Map(actions.map(({ poolId, toReplicas }) => [poolId, toReplicas]))
  const { effect } = assessment
  return {
    ...assessment,
    confidence: harm.excessFailedShare,
    effect: {
      ...effect,
      sloRiskBefore: risk(() => undefined),
      sloRiskAfter: stops ? effect.sloRiskAfter : risk((poolId) => after.get(poolId)),
    },
  }
}

function touchedInputs({ own, others }: SagaInput, actions: readonly Action[]): PlanInput[] {
  const touched = new Set(actions.map(({ poolId }) => poolId))
  return [own, ...others.filter((one) => poolsOfInput(one).some(({ poolId }) => touched.has(poolId)))]
}

function grounded({ own, others }: SagaInput, actions: readonly Action[]): Action[] {
  const targets = new Set<string>()
  return actions.flatMap((action) => {
    const owner = [own, ...others].find((one) =>
      poolsOfInput(one).some(({ poolId }) => poolId === action.poolId),
    )
    const pool = owner && poolsOfInput(owner).find(({ poolId }) => poolId === action.poolId)
    if (!pool) throw new Error(`The plan has an action on the pool ${action.poolId}, which is not known.`)
    if (targets.has(action.targetId))
      throw new Error(`The plan has two actions on "${action.targetName}"; one target takes one.`)
    targets.add(action.targetId)
    const fromReplicas = pool.desiredReplicas
    if (action.toReplicas === fromReplicas) return []
    return [{ ...action, workloadId: owner.workload.id, fromReplicas }]
  })
}
