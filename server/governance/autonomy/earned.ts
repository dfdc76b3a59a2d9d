import type { Tx } from '../../kernel/db.ts'
import type { ActionKind, PlanContent } from '../../plan/contract.ts'

/** A workload and a kind of action: what autonomy is earned for. */
export type ActionClass = { workloadId: string; kind: ActionKind }

/** The classes that the actions of a plan fall into. */
export function classesOf(workloadId: string, { actions }: Pick<PlanContent, 'actions'>): ActionClass[] {
  const found = new Map<string, ActionClass>()
  for (const { workloadId: own = workloadId, kind } of actions)
    found.set(`${own}/${kind}`, { workloadId: own, kind })
  return [...found.values()]
}

/** Which of the classes is not confirmed for rules to decide, in words; null where all of them are. */
export async function notEarned(tx: Tx, classes: readonly ActionClass[]): Promise<string | null> {
  const rows = await tx.autonomyClass.findMany({ where: { OR: [...classes] } })
  for (const { workloadId, kind } of classes) {
    const row = rows.find((one) => one.workloadId === workloadId && one.kind === kind)
    if (!row) return `Nobody confirmed yet that rules may ${kind} here.`
    if (row.demotedAt !== null) return `It lost its autonomy for ${kind}: ${row.demotedWhy}`
  }
  return null
}
