import { type Action, isSaga, type PlanContent, type Purpose } from '../plan/contract.ts'
import { conditionsIn, movesSince } from './binding.ts'
import { bindingOf } from './contract.ts'
import { ruleMoves } from './rule-moves.ts'

/** A set-point that differs by less than this share of the change is the same advice; forecasts wobble. */
const sameShare = 0.1

/** Of advice that somebody may just be reading: only so much more of the change takes its place, and less does not. */
const readShare = 0.25

/**
 * Why the new advice is another one, in words; null while it is the same. `isBeingRead`: the old one came a moment ago, and a
 * reader is not to lose it to a forecast that wobbles; what is bound and the direction are held to as always.
 */
export function differs(
  proposalId: string,
  old: PlanContent,
  fresh: PlanContent,
  isBeingRead = false,
): string | null {
  const before = conditionsIn(bindingOf(proposalId, old))
  const moves = [...movesSince(before, conditionsIn(bindingOf(proposalId, fresh))), ...ruleMoves(old, fresh)]
  if (old.direction !== fresh.direction)
    return [...moves, `the advice turned from ${old.direction} to ${fresh.direction}`].join('; ')
  if (isSaga(old) || isSaga(fresh)) return sagaDiffers(old, fresh, isBeingRead) ?? (moves.join('; ') || null)
  if (moves.length > 0) return moves.join('; ')
  const from = old.evidence.capacity.desiredReplicas
  if (isNear(from, old.effect.replicas, fresh.effect.replicas, isBeingRead)) return null
  return `the advice moved from ${old.effect.replicas} to ${fresh.effect.replicas} replicas`
}

function sagaDiffers(old: PlanContent, fresh: PlanContent, isBeingRead: boolean): string | null {
  if (!sameTargets(old.actions, fresh.actions)) return 'the advice is about other targets'
  for (const action of old.actions) {
    const now = fresh.actions.find(({ targetId }) => targetId === action.targetId)
    if (!now) continue
    if (now.kind !== action.kind || now.stage !== action.stage)
      return `what is to be done with ${action.targetName}, or when, is another`
    if (!isNear(action.fromReplicas, action.toReplicas, now.toReplicas, isBeingRead))
      return `the advice for ${action.targetName} moved from ${action.toReplicas} to ${now.toReplicas}`
  }
  return null
}

/** Whether a set-point is as good as the one that waits, from `from`. */
function isNear(from: number, waiting: number, fresh: number, isBeingRead: boolean): boolean {
  const change = Math.abs(waiting - from)
  if (Math.abs(fresh - waiting) <= Math.floor(change * sameShare)) return true
  const turned = (fresh - from) * (waiting - from) < 0
  const most = change + Math.max(1, Math.floor(change * readShare))
  return isBeingRead && !turned && Math.abs(fresh - from) <= most
}

/** Whether both write the same targets, whatever the numbers. */
export function sameTargets(a: readonly Action[], b: readonly Action[]): boolean {
  const targets = new Set(a.map(({ targetId }) => targetId))
  return targets.size === b.length && b.every(({ targetId }) => targets.has(targetId))
}

/** Whether the advice asks for more of some target than the older one did. */
export function asksForMore(old: PlanContent, fresh: PlanContent): boolean {
  const before = new Map(old.actions.map(({ targetId, toReplicas }) => [targetId, toReplicas]))
  return fresh.actions.some(({ targetId, toReplicas }) => toReplicas > (before.get(targetId) ?? -1))
}

/**
 * Purposes that answer one question about a workload, how much capacity where: the newest answer to it takes the place of the one
 * before. Each other purpose is a question of its own.
 */
export const capacityPurposes = ['capacity', 'migrate', 'market', 'shift'] as const satisfies Purpose[]

/** The purposes that answer the same question as this one. */
export function sameQuestion(purpose: string): string[] {
  return capacityPurposes.some((one) => one === purpose) ? [...capacityPurposes] : [purpose]
}

/**
 * Which of two proposals that would write the same target gives way. Harm is stopped before anything else, and capacity that
 * will be short is never held up by what saves money.
 */
export function rankOf({ purpose = 'capacity', direction }: PlanContent): number {
  if (purpose === 'stop-harm') return 4
  if (purpose === 'capacity') return direction === 'down' ? 1 : 3
  return purpose === 'right-size' ? 0 : 2
}
