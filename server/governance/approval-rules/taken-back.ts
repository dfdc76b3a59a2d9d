import { z } from 'zod'
import type { Tx } from '../../kernel/db.ts'
import type { PlanContent } from '../../plan/contract.ts'

/** So many changes in a row that rules made and somebody else took back: then people decide. */
const inARow = 2

type Fought = { name: string; ownership: unknown }

const ownership = z.looseObject({ managers: z.array(z.looseObject({ name: z.string() })) })

/**
 * Why people have to decide on this although a rule would: somebody else took back what rules did to one of its targets, twice in
 * a row, and no person approved a change of it since. Null where nobody did. A change was taken back where the level that the next
 * one found, or that is seen now, is not the one that it wrote.
 */
export async function takenBackAgain(
  tx: Tx,
  { actions }: Pick<PlanContent, 'actions'>,
): Promise<string | null> {
  const targetIds = actions.map(({ targetId }) => targetId)
  const [fought] = await tx.$queryRaw<Fought[]>`
    SELECT t."name", t."ownership" FROM "Target" t JOIN "Pool" p ON p."targetId" = t."id"
    WHERE t."id" = ANY(${targetIds}::uuid[]) AND (
      SELECT count(*) = ${inARow} AND bool_and("byRule" AND "takenBackAt" IS NULL AND "found" <> "wrote")
      FROM (
        SELECT a."takenBackAt", e."actor"->>'kind' = 'rule' AS "byRule", (b."action"->>'toReplicas')::int AS "wrote",
          COALESCE(lag((b."action"->>'fromReplicas')::int) OVER (ORDER BY a."appliedAt" DESC), p."desiredReplicas") AS "found"
        FROM "DispatchAction" a JOIN "Dispatch" d ON d."id" = a."dispatchId" JOIN "Decision" e ON e."id" = d."decisionId",
          LATERAL (SELECT e."binding"->'actions'->a."position" AS "action") b
        WHERE a."targetId" = t."id" AND a."appliedAt" IS NOT NULL
        ORDER BY a."appliedAt" DESC LIMIT ${inARow}
      ) newest)
    ORDER BY t."name" LIMIT 1`
  return fought ? wordsOf(fought) : null
}

function wordsOf({ name, ownership: seen }: Fought): string {
  const managers = ownership.safeParse(seen).data?.managers ?? []
  const others = managers.map((manager) => manager.name).filter((manager) => manager !== 'infrasage')
  const by = others.length > 0 ? others.join(', ') : 'somebody else'
  return (
    `What rules did to "${name}" was taken back ${inARow} times in a row by ${by}: a person decides, ` +
    'and rules go on after a person approved a change of it.'
  )
}
