import type { Control } from '../plan/contract.ts'
import { inFlight, type LeadTime, scaleTo, settle } from './model/capacity.ts'
import type { DispatchRecord, TargetAnswer, TargetState } from './world-state.ts'

export type ScaleCommand = {
  /** Version that the sender saw. */
  ifVersion: string
  replicas: number
  dispatchId: string
  fencingToken: number
  dryRun: boolean
  /** The job ends for good. */
  final: boolean
}

/** Bounds and behaviour of the place that a target stands in. `quota`: what is left for it beside its neighbours. */
export type PlaceRules = { id: string; control: Control; quota: number; lead: LeadTime; seed: number }

export type ScaleOutcome =
  | { kind: 'accepted'; answer: TargetAnswer }
  | { kind: 'fenced' | 'version_moved' | 'over_quota' | 'other_content' | 'senseless'; message: string }

/** Dispatches remembered per target; a retry comes within minutes, not after so many others. */
const remembered = 500

export function describeTarget(
  { id, control }: Pick<PlaceRules, 'id' | 'control'>,
  target: TargetState,
  atMs: number,
): TargetAnswer {
  const capacity = settle(target.actual.capacity, atMs)
  return {
    id,
    desiredReplicas: capacity.desired,
    readyReplicas: capacity.ready,
    inFlightReplicas: inFlight(capacity),
    version: String(target.version),
    effects: target.effects,
    control,
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
  const senseless = whySenseless(seen, rules, command)
  if (senseless) return { target: seen, outcome: { kind: 'senseless', message: senseless } }
  const growing = command.replicas > seen.actual.capacity.desired
  if (growing && rules.control !== 'size' && command.replicas > rules.quota) {
    const message = `${command.replicas} ${words[rules.control]} are over the quota of ${rules.quota} for ${rules.id}.`
    return { target: seen, outcome: { kind: 'over_quota', message } }
  }
  if (command.dryRun)
    return { target: seen, outcome: { kind: 'accepted', answer: describeTarget(rules, seen, atMs) } }

  const capacity = scaleTo(seen.actual.capacity, command.replicas, atMs, rules.lead, rules.seed)
  const changed = capacity.desired !== seen.actual.capacity.desired
  const scaled: TargetState = {
    ...seen,
    actual: { ...seen.actual, capacity },
    version: seen.version + (changed ? 1 : 0),
    effects: seen.effects + 1,
    ...(command.final ? { ended: true } : {}),
  }
  const answer = describeTarget(rules, scaled, atMs)
  const done = { replicas: command.replicas, answer }
  return { target: remember(scaled, { ...record, done }), outcome: { kind: 'accepted', answer } }
}

const words = {
  replicas: 'replicas',
  nodes: 'nodes',
  warm: 'warm instances',
  run: 'runs',
  size: 'percent',
} as const satisfies Record<Control, string>

/** Why a number makes no sense for what the target controls; null if it does. */
function whySenseless(
  target: TargetState,
  { id, control }: PlaceRules,
  command: ScaleCommand,
): string | null {
  const { replicas, final } = command
  if (control === 'run' && replicas > 1)
    return `${id} is a job: 1 lets it run, 0 stops it, and ${replicas} is neither.`
  if (final && (control !== 'run' || replicas !== 0)) return `Only a job can end for good, and only with 0.`
  if (target.ended && replicas > 0) return `${id} was cancelled; it does not run again.`
  if (control === 'size' && (replicas < 1 || replicas > 100))
    return `${id} takes a size from 1 to 100 percent, not ${replicas}.`
  return null
}

function remember(target: TargetState, record: DispatchRecord): TargetState {
  const others = target.dispatches.filter(({ dispatchId }) => dispatchId !== record.dispatchId)
  return { ...target, dispatches: [...others, record].slice(-remembered) }
}
