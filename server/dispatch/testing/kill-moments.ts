import type { Db } from '../../kernel/db.ts'

/** How the ids end that a worker makes: the dispatches that it held when it was killed are told by their `leaseOwner`. */
export const endOfIds = (number: number): string => number.toString(16).padStart(12, '0')

/** Where a kill met a dispatch that the worker held. */
export const moments = [
  'before its write was sent',
  'a write of an earlier worker was being read back',
  'its write was sent and its answer not known',
  'applied, not verified',
] as const
export type Moment = (typeof moments)[number]

/** What a worker that was just killed held, and how far each was; asked before somebody else goes on. */
export async function momentsOf(db: Db, worker: number): Promise<Moment[]> {
  const rows = await db.dispatch.findMany({
    where: { leaseOwner: { not: null } },
    include: { receipts: { where: { step: 'apply' } } },
  })
  const held = rows.filter(({ leaseOwner }) => leaseOwner?.endsWith(endOfIds(worker)))
  return held.map(({ state, fencingToken, receipts }) => {
    if (state === 'applied') return 'applied, not verified'
    const ofThisGo = receipts.filter(({ request }) => Object(request).fencingToken === fencingToken)
    if (unanswered(ofThisGo) > 0) return 'its write was sent and its answer not known'
    return unanswered(receipts) > 0
      ? 'a write of an earlier worker was being read back'
      : 'before its write was sent'
  })
}

function unanswered(writes: { outcome: string }[]): number {
  const sent = writes.filter(({ outcome }) => outcome === 'sent').length
  return 2 * sent - writes.length
}
