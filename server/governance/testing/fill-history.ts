import type { Db } from '../../kernel/db.ts'

/**
 * What years leave behind: copies of one approval that was carried out, each with its proposal, dispatch, action, three receipts and three
 * entries of the log, spread over the workloads that there are and over the hours before it. One in ten was taken back unused.
 */
export async function fillHistory(db: Db, decisionId: string, count: number): Promise<void> {
  await db.$executeRaw`
    CREATE TEMPORARY TABLE past AS
    SELECT i, i % 10 = 0 AS unused, gen_random_uuid() AS "proposalId", gen_random_uuid() AS "decisionId", gen_random_uuid() AS "dispatchId",
      w."id" AS "workloadId", t."targetId", interval '2 hours' * (${count}::int - i + 1) AS ago
    FROM generate_series(1, ${count}::int) AS i
    JOIN LATERAL (SELECT "id" FROM "Workload" ORDER BY "id" OFFSET i % (SELECT count(*) FROM "Workload") LIMIT 1) AS w ON true
    JOIN LATERAL (SELECT "targetId" FROM "Pool" WHERE "workloadId" = w."id" ORDER BY "id" LIMIT 1) AS t ON true`
  await db.$executeRaw`
    INSERT INTO "Proposal" SELECT (jsonb_populate_record(p, jsonb_build_object('id', h."proposalId",
      'number', nextval('"Proposal_number_seq"'), 'workloadId', h."workloadId", 'touchedWorkloadIds', ARRAY[h."workloadId"],
      'touchedTargetIds', ARRAY[h."targetId"], 'state', CASE WHEN h.unused THEN 'rejected' ELSE 'approved' END,
      'createdAt', p."createdAt" - h.ago, 'updatedAt', p."updatedAt" - h.ago, 'actBy', p."actBy" - h.ago,
      'expiresAt', p."expiresAt" - h.ago))).*
    FROM "Decision" d JOIN "Proposal" p ON p."id" = d."proposalId" CROSS JOIN past h WHERE d."id" = ${decisionId}::uuid`
  await db.$executeRaw`
    INSERT INTO "Decision" SELECT (jsonb_populate_record(d, jsonb_build_object('id', h."decisionId",
      'number', nextval('"Decision_number_seq"'), 'proposalId', h."proposalId", 'nonce', h."decisionId",
      'usedAt', CASE WHEN h.unused THEN NULL ELSE d."at" - h.ago END, 'at', d."at" - h.ago))).*
    FROM (SELECT * FROM past ORDER BY i) AS h CROSS JOIN "Decision" d WHERE d."id" = ${decisionId}::uuid`
  await db.$executeRaw`
    INSERT INTO "Dispatch" ("id", "decisionId", "state", "createdAt", "appliedAt", "verifiedAt", "updatedAt")
    SELECT h."dispatchId", d."id", (CASE WHEN h.unused THEN 'void' ELSE 'verified' END)::"DispatchState", d."at",
      CASE WHEN NOT h.unused THEN d."at" END, CASE WHEN NOT h.unused THEN d."at" + interval '90 s' END, d."at"
    FROM past h JOIN "Decision" d ON d."id" = h."decisionId"`
  await db.$executeRaw`
    INSERT INTO "DispatchAction" ("dispatchId", "position", "stage", "targetId", "state", "appliedVersion", "appliedAt", "verifiedAt")
    SELECT x."id", 0, 0, h."targetId", 'verified', '8', x."appliedAt", x."verifiedAt"
    FROM past h JOIN "Dispatch" x ON x."id" = h."dispatchId" WHERE NOT h.unused`
  await db.$executeRaw`
    INSERT INTO "Receipt" ("id", "dispatchId", "targetId", "step", "outcome", "request", "response", "at")
    SELECT gen_random_uuid(), x."id", h."targetId", step, 'done', '{}', '{}', x."createdAt"
    FROM past h JOIN "Dispatch" x ON x."id" = h."dispatchId" CROSS JOIN unnest(ARRAY['dry-run', 'write', 'verify']) AS step`
  await db.$executeRaw`
    SELECT count(audit_append(e."at", e."stage", e."action", 'proposal/' || h."proposalId", jsonb_set(e."canonical"::jsonb, '{subject}',
      to_jsonb('proposal/' || h."proposalId"))::text))
    FROM past h CROSS JOIN LATERAL (
      SELECT a.* FROM "Decision" d JOIN "AuditEntry" a ON a."subject" = 'proposal/' || d."proposalId"
      WHERE d."id" = ${decisionId}::uuid ORDER BY a."seq" LIMIT 3) AS e`
  await db.$executeRaw`DROP TABLE past`
}

/** A pool, target, policy and forecast for every workload that has none, like those of one that has; ten workloads share an offering. */
export async function fillPlaces(db: Db, workloadId: string): Promise<void> {
  await db.$executeRaw`
    CREATE TEMPORARY TABLE place AS
    SELECT w."id" AS "workloadId", w."name", gen_random_uuid() AS "targetId", (row_number() OVER (ORDER BY w."id") + 8) / 10 AS "group"
    FROM "Workload" w WHERE NOT EXISTS (SELECT FROM "Pool" p WHERE p."workloadId" = w."id")`
  await db.$executeRaw`UPDATE "Workload" w SET "team" = 'team-' || h."group" FROM place h WHERE h."workloadId" = w."id"`
  await db.$executeRaw`
    INSERT INTO "Target" SELECT (jsonb_populate_record(t, jsonb_build_object('id', h."targetId", 'name', h."name"))).*
    FROM place h CROSS JOIN "Target" t JOIN "Pool" p ON p."targetId" = t."id" WHERE p."workloadId" = ${workloadId}::uuid`
  await db.$executeRaw`
    INSERT INTO "Domain" SELECT (jsonb_populate_record(m, jsonb_build_object('id', md5('domain' || g)::uuid, 'name', 'place-' || g))).*
    FROM (SELECT DISTINCT "group" AS g FROM place WHERE "group" > 0) AS g CROSS JOIN "Domain" m
    JOIN "Offering" o ON o."domainId" = m."id" JOIN "Pool" p ON p."offeringId" = o."id" WHERE p."workloadId" = ${workloadId}::uuid`
  await db.$executeRaw`
    INSERT INTO "Offering" SELECT (jsonb_populate_record(o, jsonb_build_object('id', md5('offering' || g)::uuid, 'domainId', md5('domain' || g)::uuid))).*
    FROM (SELECT DISTINCT "group" AS g FROM place WHERE "group" > 0) AS g CROSS JOIN "Offering" o
    JOIN "Pool" p ON p."offeringId" = o."id" WHERE p."workloadId" = ${workloadId}::uuid`
  await db.$executeRaw`
    INSERT INTO "Pool" SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'workloadId', h."workloadId",
      'targetId', h."targetId", 'offeringId', CASE WHEN h."group" > 0 THEN md5('offering' || h."group")::uuid ELSE p."offeringId" END))).*
    FROM place h CROSS JOIN "Pool" p WHERE p."workloadId" = ${workloadId}::uuid`
  await db.$executeRaw`
    INSERT INTO "WorkloadPolicy" SELECT (jsonb_populate_record(v, jsonb_build_object('id', gen_random_uuid(), 'workloadId', h."workloadId"))).*
    FROM place h CROSS JOIN "WorkloadPolicy" v WHERE v."workloadId" = ${workloadId}::uuid`
  await db.$executeRaw`
    INSERT INTO "Forecast" SELECT (jsonb_populate_record(f, jsonb_build_object('id', gen_random_uuid(), 'workloadId', h."workloadId"))).*
    FROM place h CROSS JOIN "Forecast" f WHERE f."workloadId" = ${workloadId}::uuid`
  await db.$executeRaw`DROP TABLE place`
}
