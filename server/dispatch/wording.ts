import { type Action, controlOf } from '../plan/contract.ts'
import type { Observation, TargetAdapter } from './contract.ts'

/** What an action's number is called at its target: "replicas", "minimum replicas", "nodes of its limit on cpu". */
type Called = { action: Pick<Action, 'kind' | 'toReplicas'>; adapter: Pick<TargetAdapter, 'unit'> }

const unitFor = ({ action: { kind }, adapter }: Called): string => adapter.unit(controlOf[kind])

/** A level in words: "10 replicas", "running", "suspended"; "ended" of a job that is cancelled for good. */
export function levelWords(called: Called, level: number): string {
  return runWords(called.action, level) ?? `${level} ${unitFor(called)}`
}

/** The same of a job, which has a state and no number; null of anything else. */
export function runWords({ kind }: Pick<Action, 'kind'>, level: number): string | null {
  if (controlOf[kind] !== 'run') return null
  if (level > 0) return 'running'
  return kind === 'cancel' ? 'ended' : 'suspended'
}

/** Why a set-point that stands does not count as ready: "3 of 10 replicas of "chat" are ready". */
export function waitingWords(
  called: Called & { action: Pick<Action, 'targetName'> },
  { readyReplicas, awaits }: Pick<Observation, 'readyReplicas' | 'awaits'>,
): string {
  const { targetName, toReplicas } = called.action
  const counted =
    controlOf[called.action.kind] === 'run'
      ? `"${targetName}" ${toReplicas > 0 ? 'has no ready pod' : 'still has pods'}`
      : `${readyReplicas} of ${toReplicas} ${unitFor(called)} of "${targetName}" are ready`
  return awaits === null ? counted : `${counted}, which waits for ${awaits}`
}
