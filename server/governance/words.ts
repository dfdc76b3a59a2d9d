import type { Actor } from '../kernel/context.ts'
import type { DecisionKindName } from './contract.ts'

/** "Ann Operator (operator)", "Ann Operator by key ci (operator)", "rule: night-rises (version 4)", "system: expiry". */
export function whoIs(actor: Actor): string {
  if (actor.kind === 'user') return `${actor.name} (${actor.roles.join(', ')})`
  if (actor.kind === 'api_key') return `${actor.email} by key ${actor.keyName} (${actor.roles.join(', ')})`
  if (actor.kind === 'rule') return `rule: ${actor.rule} (version ${actor.version})`
  return actor.kind === 'system' ? `system: ${actor.component}` : 'nobody who signed in'
}

/** What somebody did by a decision, in the past tense. */
export const did: Record<DecisionKindName, string> = {
  approve: 'approved',
  override: 'overrode',
  reject: 'rejected',
  expire: 'expired',
  supersede: 'superseded',
  void: 'voided the approval of',
  endorse: 'gave one approval of',
  counter: 'put other numbers forward for',
  undo: 'took back the approval of',
  hold: 'let the deadline pass of',
}

/** "2026-03-02 09:00:30 UTC" */
export function instant(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
