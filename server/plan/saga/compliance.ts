import type { Action, Compliance, PlanInput, Purpose } from '../contract.ts'
import { figuresOf } from '../figures.ts'
import { poolsOfInput } from '../judge.ts'
import { complianceOf } from '../rules/compliance.ts'
import { judgeOfGroup } from '../safety/judge-group.ts'

/**
 * What stands against a saga, and what would be made of it instead: all of it held back alike, or its rises carried by other
 * pools of their workloads. The first input is the one whose proposal it is. Undefined where nothing refuses it.
 */
export function complianceOfSaga(
  inputs: readonly PlanInput[],
  actions: Action[],
  purpose?: Purpose,
): Compliance | undefined {
  const [own, ...others] = inputs
  if (own === undefined) return undefined
  const search = {
    wanted: { actions, ...(purpose ? { purpose } : {}) },
    pools: inputs.flatMap(poolsOfInput),
    judge: judgeOfGroup(inputs),
  }
  return complianceOf(search, figuresOf(own, others))
}
