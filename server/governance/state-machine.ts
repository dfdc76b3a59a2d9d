/**
 * Where a proposal stands. `approved` is redeemable; `redeemed` is an approval that dispatch has used, and that never
 * comes back. The database keeps both as `approved`, told apart by the decision's `usedAt`.
 */
export const stages = ['waiting', 'approved', 'redeemed', 'rejected', 'expired', 'superseded'] as const
export type Stage = (typeof stages)[number]

export const events = [
  'endorse',
  'counter',
  'approve',
  'override',
  'reject',
  'undo',
  'hold',
  'expire',
  'withdraw',
  'supersede',
  'void',
  'redeem',
] as const
export type EventName = (typeof events)[number]

/** Who brings an event about: a person who decided, a published rule that decides within its bounds, or the system on its own. */
export type By = 'person' | 'rule' | 'system'
export type ProposalEvent = { name: EventName; by: By }

/** What is not listed is refused. An empty row is a final state. */
const table: Record<Stage, Partial<Record<EventName, Stage>>> = {
  waiting: {
    endorse: 'waiting',
    counter: 'waiting',
    hold: 'waiting',
    approve: 'approved',
    override: 'approved',
    reject: 'rejected',
    expire: 'expired',
    withdraw: 'expired',
    supersede: 'superseded',
    void: 'waiting',
  },
  approved: { redeem: 'redeemed', void: 'waiting', undo: 'waiting' },
  redeemed: {},
  rejected: {},
  expired: {},
  superseded: {},
}

/** A decision is a person's, an approval a rule's as well; the system only tidies up, checks and carries out. */
const bringers: Record<EventName, readonly By[]> = {
  endorse: ['person'],
  counter: ['person'],
  approve: ['person', 'rule'],
  override: ['person'],
  reject: ['person'],
  undo: ['person'],
  hold: ['system'],
  expire: ['system'],
  withdraw: ['system'],
  supersede: ['system'],
  void: ['system'],
  redeem: ['system'],
}

export type Transition = { kind: 'moved'; to: Stage } | { kind: 'refused'; reason: string }

/** The next stage, or why there is none. Pure; the whole of what may happen to a proposal. */
export function transition(from: Stage, event: ProposalEvent): Transition {
  const may = bringers[event.name]
  if (!may.includes(event.by)) {
    return { kind: 'refused', reason: `"${event.name}" is for a ${may.join(' or a ')} to do` }
  }
  const to = table[from][event.name]
  return to
    ? { kind: 'moved', to }
    : { kind: 'refused', reason: `a proposal that is ${from} cannot ${event.name}` }
}

/** Whether nothing can happen any more. */
export function isFinal(stage: Stage): boolean {
  return Object.keys(table[stage]).length === 0
}
