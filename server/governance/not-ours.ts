import { z } from 'zod'
import type { Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'

/** Of what dispatch keeps of a target's ownership: why it may not be written, and what to do; null where it may. */
const kept = z.looseObject({ advice: z.string().nullable() })

/**
 * What something else writes is not approved: dispatch would refuse it, or fight. As last seen; dispatch looks again.
 * @throws ConflictError that names the target, who writes it and what to do
 */
export async function refuseOthersTargets(
  tx: Tx,
  { touchedTargetIds }: { touchedTargetIds: string[] },
): Promise<void> {
  const targets = await tx.target.findMany({
    where: { id: { in: touchedTargetIds } },
    select: { name: true, ownership: true },
    orderBy: { name: 'asc' },
  })
  for (const { name, ownership } of targets) {
    const advice = kept.safeParse(ownership).data?.advice
    if (advice) throw new ConflictError(`"${name}" is not ours to write: ${advice}`)
  }
}
