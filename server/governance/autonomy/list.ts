import { authorise, type Context } from '../../kernel/context.ts'
import { actionKinds } from '../../plan/contract.ts'
import { approvalPolicyInForce } from '../approval-rules/stored-policy.ts'
import { storedActor } from '../stored.ts'
import { whoIs } from '../words.ts'
import type { AutonomyClassView } from './contract.ts'
import type { ActionClass } from './earned.ts'
import { heldAgainst, measureClasses } from './measure.ts'

/** Every class that was decided in the window or was ever confirmed, its measures beside their thresholds. */
export async function listAutonomy({ ctx }: { ctx: Context }): Promise<AutonomyClassView[]> {
  authorise(ctx, 'policy.read')
  const { db } = ctx
  const { earned } = await approvalPolicyInForce(db)
  const rows = await db.autonomyClass.findMany()
  const stored = new Map(rows.map((row) => [`${row.workloadId}/${row.kind}`, row]))
  const now = ctx.clock.now()
  const active = await measureClasses(db, earned, now)
  const known = new Set(active.map(({ workloadId, kind }) => `${workloadId}/${kind}`))
  const quiet = rows.flatMap(({ workloadId, kind }): ActionClass[] => {
    const named = actionKinds.find((one) => one === kind)
    return named && !known.has(`${workloadId}/${kind}`) ? [{ workloadId, kind: named }] : []
  })
  const measured = [...active, ...(quiet.length > 0 ? await measureClasses(db, earned, now, quiet) : [])]
  const workloads = await db.workload.findMany({
    where: { id: { in: measured.map(({ workloadId }) => workloadId) } },
    select: { id: true, name: true, title: true, environment: true },
  })
  const views = measured.flatMap(({ workloadId, kind, measures }): AutonomyClassView[] => {
    const workload = workloads.find(({ id }) => id === workloadId)
    if (!workload) return []
    const row = stored.get(`${workloadId}/${kind}`)
    const isConfirmed = row !== undefined && row.demotedAt === null
    const standings = heldAgainst(measures, earned, isConfirmed)
    const eligible = standings.every(({ passed }) => passed)
    const state = isConfirmed ? 'confirmed' : eligible ? 'eligible' : row ? 'demoted' : 'watched'
    return [
      {
        workload,
        kind,
        state,
        measures,
        standings,
        confirmed: row
          ? {
              who: whoIs(storedActor(row.confirmedBy)),
              at: row.confirmedAt.toISOString(),
              reason: row.reason,
            }
          : null,
        demoted:
          row?.demotedAt == null ? null : { at: row.demotedAt.toISOString(), why: row.demotedWhy ?? '' },
      },
    ]
  })
  const rank = ['demoted', 'eligible', 'confirmed', 'watched']
  return views.toSorted(
    (a, b) => rank.indexOf(a.state) - rank.indexOf(b.state) || (a.workload.name < b.workload.name ? -1 : 1),
  )
}
