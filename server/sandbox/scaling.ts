import { inFlight, type LeadTime, scaleTo, settle } from './model/capacity.ts'
import type { DispatchRecord, TargetAnswer, TargetState } from './world-state.ts'

export type ScaleCommand = {
  /** Version that the sender saw. */
  ifVersion: string
  replicas: number
  dispatchId: string
  fencingToken: number
  dryRun: boolean
}

/** Bounds and behaviour of the place that a target stands in. */
export type PlaceRules = { id: string; quotaReplicas: number; lead: LeadTime; seed: number }

export type ScaleOutcome =
  | { kind: 'accepted'; answer: TargetAnswer }
  | { kind: 'fenced' | 'version_moved' | 'over_quota' | 'other_content'; message: string }

/** Dispatches remembered per target; a retry comes within minutes, not after so many others. */
const remembered = 500

export function describeTarget(id: string, target: TargetState, atMs: number): TargetAnswer {
  const capacity = settle(target.actual.capacity, atMs)
  return {
    id,
    desiredReplicas: capacity.desired,
    readyReplicas: capacity.ready,
    inFlightReplicas: inFlight(capacity),
    version: String(target.version),
    effects: target.effects,
  }
}

/**
 * Carries out a command once. Pure: gives back the target as it then is.
 * A dispatch that was carried out gets its first answer again; an older holder of a dispatch gets nothing.
 */
export function scaleTarget(
  target: TargetState,
  rules: PlaceRules,
  command: ScaleCommand,
  atMs: number,
): { target: TargetState; outcome: ScaleOutcome } {
  const known = target.dispatches.find(({ dispatchId }) => dispatchId === command.dispatchId)
  if (known && command.fencingToken < known.fencingToken) {
    const message = `Dispatch ${command.dispatchId} was taken over: token ${command.fencingToken} is older than ${known.fencingToken}.`
    return { target, outcome: { kind: 'fenced', message } }
  }
  const record: DispatchRecord = {
    dispatchId: command.dispatchId,
    fencingToken: command.fencingToken,
    done: known?.done ?? null,
  }
  const seen = remember(target, record)
  if (record.done && !command.dryRun) {
    if (record.done.replicas === command.replicas)
      return { target: seen, outcome: { kind: 'accepted', answer: record.done.answer } }
    const message = `Dispatch ${command.dispatchId} already asked for ${record.done.replicas} replicas; it cannot ask for ${command.replicas}.`
    return { target: seen, outcome: { kind: 'other_content', message } }
  }
  if (command.ifVersion !== String(target.version)) {
    const message = `The target is at version ${target.version}, not ${command.ifVersion}: somebody changed it.`
    return { target: seen, outcome: { kind: 'version_moved', message } }
  }
  if (command.replicas > rules.quotaReplicas) {
    const message = `${command.replicas} replicas are over the quota of ${rules.quotaReplicas} for ${rules.id}.`
    return { target: seen, outcome: { kind: 'over_quota', message } }
  }
  if (command.dryRun)
    return { target: seen, outcome: { kind: 'accepted', answer: describeTarget(rules.id, seen, atMs) } }

  const capacity = scaleTo(seen.actual.capacity, command.replicas, atMs, rules.lead, rules.seed)
  const changed = capacity.desired !== seen.actual.capacity.desired
  const scaled: TargetState = {
    ...seen,
    actual: { ...seen.actual, capacity },
    version: seen.version + (changed ? 1 : 0),
    effects: seen.effects + 1,
  }
  const answer = describeTarget(rules.id, scaled, atMs)
  const done = { replicas: command.replicas, answer }
  return { target: remember(scaled, { ...record, done }), outcome: { kind: 'accepted', answer } }
}

function remember(target: TargetState, record: DispatchRecord): TargetState {
  const others = target.dispatches.filter(({ dispatchId }) => dispatchId !== record.dispatchId)
  return { ...target, dispatches: [...others, record].slice(-remembered) }
}
