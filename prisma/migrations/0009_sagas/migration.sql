-- CreateEnum
CREATE TYPE "ActionState" AS ENUM ('waiting', 'applied', 'verified', 'failed', 'taken_back', 'undone');

-- CreateEnum
CREATE TYPE "PoolControl" AS ENUM ('replicas', 'nodes', 'warm', 'run', 'size');

-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "DispatchState" ADD VALUE 'rolling_back';
ALTER TYPE "DispatchState" ADD VALUE 'rolled_back';

-- DropIndex
DROP INDEX "Pool_workloadId_key";

-- AlterTable
ALTER TABLE "Dispatch" ADD COLUMN     "rollingBackAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "Pool" ADD COLUMN     "control" "PoolControl" NOT NULL DEFAULT 'replicas',
ADD COLUMN     "priority" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "Proposal" ADD COLUMN     "purpose" TEXT NOT NULL DEFAULT 'capacity',
ADD COLUMN     "touchedTargetIds" UUID[],
ADD COLUMN     "touchedWorkloadIds" UUID[];

-- CreateTable
CREATE TABLE "DispatchAction" (
    "dispatchId" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "stage" INTEGER NOT NULL,
    "targetId" UUID NOT NULL,
    "state" "ActionState" NOT NULL,
    "appliedVersion" TEXT,
    "appliedAt" TIMESTAMPTZ(3),
    "verifiedAt" TIMESTAMPTZ(3),
    "takenBackAt" TIMESTAMPTZ(3),
    "note" TEXT,

    CONSTRAINT "DispatchAction_pkey" PRIMARY KEY ("dispatchId","position")
);

-- CreateTable
CREATE TABLE "PoolController" (
    "poolId" UUID NOT NULL,
    "advancedTo" TIMESTAMPTZ(3) NOT NULL,
    "state" JSONB NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PoolController_pkey" PRIMARY KEY ("poolId")
);

-- CreateIndex
CREATE INDEX "DispatchAction_targetId_idx" ON "DispatchAction"("targetId");

-- CreateIndex
CREATE INDEX "Pool_workloadId_idx" ON "Pool"("workloadId");

-- CreateIndex
CREATE INDEX "Proposal_touchedWorkloadIds_idx" ON "Proposal" USING GIN ("touchedWorkloadIds");

-- AddForeignKey
ALTER TABLE "DispatchAction" ADD CONSTRAINT "DispatchAction_dispatchId_fkey" FOREIGN KEY ("dispatchId") REFERENCES "Dispatch"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PoolController" ADD CONSTRAINT "PoolController_poolId_fkey" FOREIGN KEY ("poolId") REFERENCES "Pool"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Every proposal of before was about the one pool of its workload.
UPDATE "Proposal" SET
  "touchedWorkloadIds" = ARRAY["workloadId"],
  "touchedTargetIds" = ARRAY[("content" #>> '{evidence,capacity,targetId}')::uuid];

-- … and every dispatch had one action. What is under way goes on as such; what is over tells how long it took.
INSERT INTO "DispatchAction" ("dispatchId", "position", "stage", "targetId", "state", "appliedAt", "verifiedAt", "note")
SELECT
  d."id", 0, 0, (a."binding" #>> '{actions,0,targetId}')::uuid,
  (CASE d."state" WHEN 'verified' THEN 'verified' WHEN 'applied' THEN 'applied' WHEN 'failed' THEN 'failed' ELSE 'waiting' END)::"ActionState",
  d."appliedAt", d."verifiedAt", CASE WHEN d."state" = 'failed' THEN d."note" END
FROM "Dispatch" d JOIN "Decision" a ON a."id" = d."decisionId"
WHERE d."state" IN ('dispatching', 'applied', 'unknown', 'verified', 'failed')
  AND a."usedAt" IS NOT NULL AND jsonb_array_length(a."binding" -> 'actions') > 0;

GRANT SELECT, INSERT, UPDATE ON "DispatchAction" TO infrasage_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "PoolController" TO infrasage_app;
