import { type Action, controlOf } from '../plan/contract.ts'
import type { Observation, TargetAdapter } from './contract.ts'

/** What an action's number is called at its target: "replicas", "minimum replicas", "nodes of its limit on cpu". */
type Called = { action: Pick<Action, 'kind' | 'toReplicas'>; adapter: Pick<TargetAdapter, 'unit'> }

const unitFor = ({ action: { kind }, adapter }: Called): string => adapter.unit(controlOf[kind])

const isRun = ({ action: { kind } }: Called): boolean => controlOf[kind] === 'run'

/** A level in words: "10 replicas", "running", "suspended"; "ended" of a job that is cancelled for good. */
export function levelWords(called: Called, level: number): string {
  if (!isRun(called)) return `${level} ${unitFor(called)}`
  if (level > 0) return 'running'
  return called.action.kind === 'cancel' ? 'ended' : 'suspended'
}

/** Why a set-point that stands does not count as ready: "3 of 10 replicas of "chat" are ready". */
export function waitingWords(
  called: Called & { action: Pick<Action, 'targetName'> },
  { readyReplicas, awaits }: Pick<Observation, 'readyReplicas' | 'awaits'>,
): string {
  const { targetName, toReplicas } = called.action
  const counted = isRun(called)
    ? `"${targetName}" ${toReplicas > 0 ? 'has no pods' : 'still has pods'}`
    : `${readyReplicas} of ${toReplicas} ${unitFor(called)} of "${targetName}" are ready`
  return awaits === null ? counted : `${counted}, which waits for ${awaits}`
}
