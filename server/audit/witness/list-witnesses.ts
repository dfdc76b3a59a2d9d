import { authorise, type Context } from '../../kernel/context.ts'
import type { WitnessView } from '../contract.ts'

/** Every witness by name, with what it holds and what keeps it from holding more. */
export async function listWitnesses({ ctx }: { ctx: Context }): Promise<WitnessView[]> {
  authorise(ctx, 'audit.read')
  const [rows, newest] = await Promise.all([
    ctx.db.auditWitness.findMany({ orderBy: { name: 'asc' } }),
    ctx.db.auditCheckpoint.findFirst({ orderBy: { size: 'desc' }, select: { size: true } }),
  ])
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    kind: row.kind,
    destination: row.destination,
    everySeconds: row.everySeconds,
    heldSize: row.heldSize === null ? null : Number(row.heldSize),
    heldAt: row.heldAt?.toISOString() ?? null,
    behind: Number((newest?.size ?? 0n) - (row.heldSize ?? 0n)),
    lastError: row.lastError,
    dueAt: row.dueAt.toISOString(),
  }))
}
