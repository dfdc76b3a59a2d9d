-- CreateEnum
CREATE TYPE "OfferingKind" AS ENUM ('instances', 'serverless');

-- AlterTable
ALTER TABLE "Domain" ADD COLUMN     "carbonProfileGPerKwh" DOUBLE PRECISION[] DEFAULT ARRAY[]::DOUBLE PRECISION[],
ADD COLUMN     "userLatencyMs" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "Offering" ADD COLUMN     "coldStartSeconds" DOUBLE PRECISION,
ADD COLUMN     "concurrencyPerInstance" INTEGER,
ADD COLUMN     "kind" "OfferingKind" NOT NULL DEFAULT 'instances',
ADD COLUMN     "pricePerMillionRequestsUsd" DOUBLE PRECISION,
ADD COLUMN     "priceProfileUsd" DOUBLE PRECISION[] DEFAULT ARRAY[]::DOUBLE PRECISION[];

-- AlterTable
ALTER TABLE "Pool" ADD COLUMN     "serving" JSONB;

-- AlterTable
ALTER TABLE "Workload" ADD COLUMN     "repeatShare" DOUBLE PRECISION,
ADD COLUMN     "reworkSeconds" INTEGER,
ADD COLUMN     "userShares" JSONB NOT NULL DEFAULT '{}';

-- CreateTable
CREATE TABLE "PoolModel" (
    "poolId" UUID NOT NULL,
    "model" JSONB NOT NULL,
    "basis" TEXT NOT NULL,
    "fittedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PoolModel_pkey" PRIMARY KEY ("poolId")
);

-- AddForeignKey
ALTER TABLE "PoolModel" ADD CONSTRAINT "PoolModel_poolId_fkey" FOREIGN KEY ("poolId") REFERENCES "Pool"("id") ON DELETE CASCADE ON UPDATE CASCADE;

GRANT SELECT, INSERT, UPDATE, DELETE ON "PoolModel" TO infrasage_app;
