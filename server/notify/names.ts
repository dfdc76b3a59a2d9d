import type { AuditEntryView } from '../audit/contract.ts'
import type { Tx } from '../kernel/db.ts'
import { type Names, toldActions } from './telling-rules.ts'

const uuid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g

/** The names of the workloads, decisions and people that the told ones of the entries speak of, read at once. */
export async function namesOf(tx: Tx, entries: readonly AuditEntryView[]): Promise<Names> {
  const told = entries.filter(({ action }) => toldActions.includes(action))
  const ids = [...new Set(told.flatMap(({ canonical }) => canonical.match(uuid) ?? []))]
  if (ids.length === 0) return { workload: () => null, decision: () => null, person: () => null }
  const where = { id: { in: ids } }
  const [workloads, decisions, people] = await Promise.all([
    tx.workload.findMany({ where, select: { id: true, name: true } }),
    tx.decision.findMany({
      where,
      select: { id: true, number: true, proposal: { select: { workload: { select: { name: true } } } } },
    }),
    tx.user.findMany({ where, select: { id: true, name: true } }),
  ])
  const byId = new Map(
    decisions.map(({ id, number, proposal }) => [id, { number, workload: proposal.workload.name }]),
  )
  const nameIn = (rows: { id: string; name: string }[]) => new Map(rows.map(({ id, name }) => [id, name]))
  const [ofWorkloads, ofPeople] = [nameIn(workloads), nameIn(people)]
  return {
    workload: (id) => ofWorkloads.get(id) ?? null,
    decision: (id) => byId.get(id) ?? null,
    person: (id) => ofPeople.get(id) ?? null,
  }
}
