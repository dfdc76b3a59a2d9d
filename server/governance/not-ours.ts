import { z } from 'zod'
import { Prisma } from '../kernel/db.ts'
import { type Reading, reading } from '../kernel/reading.ts'

/** Of what dispatch keeps of a target's ownership: why it may not be written, and what to do; null where it may. */
const kept = z.looseObject({ advice: z.string().nullable() })

/** Why something else writes one of these targets, and what to do, in words; null where all are ours. As last seen; dispatch looks again. */
export function notOurs({ touchedTargetIds }: { touchedTargetIds: string[] }): Reading<string | null> {
  type Owned = { name: string; ownership: unknown }
  const query = Prisma.sql`
    SELECT json_agg(json_build_object('name', t."name", 'ownership', t."ownership") ORDER BY t."name")
    FROM "Target" t WHERE t."id" = ANY(${touchedTargetIds}::uuid[])`
  return reading(query, (targets: Owned[] | null) => {
    const others = (targets ?? []).flatMap(({ name, ownership }) => {
      const advice = kept.safeParse(ownership).data?.advice
      return advice ? [`"${name}" is not ours to write: ${advice}`] : []
    })
    return others[0] ?? null
  })
}
