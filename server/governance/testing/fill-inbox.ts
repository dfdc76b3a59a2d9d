import type { Db } from '../../kernel/db.ts'

/**
 * Copies of one real proposal, plan included, so that rows are as wide as in the product; spread over the workloads that
 * there are, with numbers and times of their own.
 */
export async function fillProposals(
  db: Db,
  id: string,
  count: number,
  state: 'waiting' | 'rejected',
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO "Proposal" ("id", "workloadId", "kind", "purpose", "touchedWorkloadIds", "touchedTargetIds", "state",
      "revision", "content", "contentHash", "summary", "confidence", "costChangePerHourUsd", "surgeAt", "direction",
      "actionCount", "fromReplicas", "toReplicas", "place", "surgeProbability", "sloRiskBefore", "sloRiskAfter", "regretUsd",
      "decideSeconds", "actBy", "expiresAt", "createdAt", "updatedAt")
    SELECT gen_random_uuid(), w."id", p."kind", p."purpose", ARRAY[w."id"], p."touchedTargetIds", ${state}::"ProposalState",
      1, p."content", p."contentHash", w."name" || substr(p."summary", position(':' in p."summary")), random(),
      random() * 40 - 10, p."surgeAt", CASE WHEN random() < 0.3 THEN 'down' ELSE 'up' END, 1, 6, 6 + (random() * 10)::int,
      p."place", random(), random(), random() / 10, power(10, random() * 4 - 1), 300 + (random() * 600)::int,
      p."actBy" + random() * interval '1 day', p."expiresAt" + interval '2 days',
      p."createdAt" - random() * interval '30 days', p."updatedAt"
    FROM generate_series(1, ${count}) AS i
    JOIN LATERAL (SELECT * FROM "Workload" ORDER BY "id" OFFSET i % (SELECT count(*) FROM "Workload") LIMIT 1) AS w ON TRUE
    CROSS JOIN (SELECT * FROM "Proposal" WHERE "id" = ${id}::uuid) AS p`
}

/** Copies of one workload, called `service-2`, `service-3`, …, until there are `count`. */
export async function fillWorkloads(db: Db, count: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO "Workload" SELECT (jsonb_populate_record(w, jsonb_build_object('id', gen_random_uuid(),
      'name', 'service-' || i, 'title', 'Service ' || i))).*
    FROM "Workload" AS w CROSS JOIN generate_series((SELECT count(*) FROM "Workload") + 1, ${count}) AS i
    WHERE w."id" = (SELECT min("id"::text)::uuid FROM "Workload")`
}
