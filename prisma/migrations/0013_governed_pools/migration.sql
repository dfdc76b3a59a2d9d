-- AlterTable
ALTER TABLE "Pool" ADD COLUMN     "governsPoolId" UUID,
ADD COLUMN     "levelSince" TIMESTAMPTZ(3),
ADD COLUMN     "replicasPerNode" INTEGER;

-- AlterTable
ALTER TABLE "WorkloadPolicy" ADD COLUMN     "carbonPriceUsdPerKg" DOUBLE PRECISION NOT NULL DEFAULT 0;

-- AddForeignKey
ALTER TABLE "Pool" ADD CONSTRAINT "Pool_governsPoolId_fkey" FOREIGN KEY ("governsPoolId") REFERENCES "Pool"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- The level of a pool stood at least when it was last observed.
UPDATE "Pool" SET "levelSince" = "observedAt";

-- Nodes beside the one pool of replicas of their workload hold it; until now both were counted as serving.
UPDATE "Pool" n SET "governsPoolId" = r."id",
    "replicasPerNode" = greatest(1, floor(n."capacityPerReplica" / r."capacityPerReplica" + 1e-9))::int
FROM "Pool" r
WHERE n."control" = 'nodes' AND r."workloadId" = n."workloadId" AND r."control" = 'replicas'
  AND (SELECT count(*) FROM "Pool" o WHERE o."workloadId" = n."workloadId" AND o."control" IN ('replicas', 'nodes')) = 2;

-- A size beside one pool of replicas cuts those.
UPDATE "Pool" s SET "governsPoolId" = r."id"
FROM "Pool" r
WHERE s."control" = 'size' AND r."workloadId" = s."workloadId" AND r."control" = 'replicas'
  AND (SELECT count(*) FROM "Pool" o WHERE o."workloadId" = s."workloadId" AND o."control" IN ('replicas', 'size')) = 2;
