-- Models start over from history: their states had no checkpoint, and were of an older model version.
DELETE FROM "ModelState";

-- CreateEnum
CREATE TYPE "EventKind" AS ENUM ('training', 'launch', 'holiday', 'maintenance', 'other');

-- AlterTable
ALTER TABLE "Forecast" ADD COLUMN     "checkpointId" UUID,
ADD COLUMN     "plannedLeads" INTEGER;

-- AlterTable
ALTER TABLE "ModelState" DROP COLUMN "state",
ADD COLUMN     "checkpointId" UUID NOT NULL;

-- CreateTable
CREATE TABLE "ModelCheckpoint" (
    "id" UUID NOT NULL,
    "workloadId" UUID NOT NULL,
    "signal" TEXT NOT NULL,
    "modelVersion" TEXT NOT NULL,
    "state" BYTEA NOT NULL,
    "stateHash" TEXT NOT NULL,
    "trainedFrom" TIMESTAMPTZ(3) NOT NULL,
    "trainedTo" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ModelCheckpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ModelInput" (
    "checkpointId" UUID NOT NULL,
    "trainedTo" TIMESTAMPTZ(3) NOT NULL,
    "values" BYTEA NOT NULL,
    "events" JSONB,
    "offer" BYTEA,
    "offerName" TEXT,

    CONSTRAINT "ModelInput_pkey" PRIMARY KEY ("checkpointId","trainedTo")
);

-- CreateTable
CREATE TABLE "PlannedEvent" (
    "id" UUID NOT NULL,
    "workloadId" UUID,
    "team" TEXT,
    "name" TEXT NOT NULL,
    "kind" "EventKind" NOT NULL,
    "startsAt" TIMESTAMPTZ(3) NOT NULL,
    "endsAt" TIMESTAMPTZ(3) NOT NULL,
    "expectedFactor" DOUBLE PRECISION,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "cancelledAt" TIMESTAMPTZ(3),

    CONSTRAINT "PlannedEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Forecaster" (
    "id" UUID NOT NULL,
    "workloadId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "secretHeader" TEXT,
    "encryptedSecret" TEXT,
    "timeoutMs" INTEGER NOT NULL,
    "windowSteps" INTEGER NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "recent" TEXT NOT NULL DEFAULT '',
    "consecutiveFaults" INTEGER NOT NULL DEFAULT 0,
    "lastAnswerAt" TIMESTAMPTZ(3),
    "failingSince" TIMESTAMPTZ(3),
    "lastError" TEXT,
    "lastErrorAt" TIMESTAMPTZ(3),
    "retryAt" TIMESTAMPTZ(3),

    CONSTRAINT "Forecaster_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "ModelCheckpoint_workloadId_signal_trainedTo_idx" ON "ModelCheckpoint"("workloadId", "signal", "trainedTo");

-- CreateIndex
CREATE INDEX "PlannedEvent_endsAt_idx" ON "PlannedEvent"("endsAt");

-- CreateIndex
CREATE UNIQUE INDEX "Forecaster_workloadId_key" ON "Forecaster"("workloadId");

-- CreateIndex
CREATE INDEX "Forecast_issuedAt_idx" ON "Forecast"("issuedAt");

-- CreateIndex
CREATE INDEX "Forecast_checkpointId_idx" ON "Forecast"("checkpointId");

-- CreateIndex
CREATE INDEX "ModelState_checkpointId_idx" ON "ModelState"("checkpointId");

-- AddForeignKey
ALTER TABLE "ModelState" ADD CONSTRAINT "ModelState_checkpointId_fkey" FOREIGN KEY ("checkpointId") REFERENCES "ModelCheckpoint"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ModelCheckpoint" ADD CONSTRAINT "ModelCheckpoint_workloadId_fkey" FOREIGN KEY ("workloadId") REFERENCES "Workload"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ModelInput" ADD CONSTRAINT "ModelInput_checkpointId_fkey" FOREIGN KEY ("checkpointId") REFERENCES "ModelCheckpoint"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Forecast" ADD CONSTRAINT "Forecast_checkpointId_fkey" FOREIGN KEY ("checkpointId") REFERENCES "ModelCheckpoint"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PlannedEvent" ADD CONSTRAINT "PlannedEvent_workloadId_fkey" FOREIGN KEY ("workloadId") REFERENCES "Workload"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Forecaster" ADD CONSTRAINT "Forecaster_workloadId_fkey" FOREIGN KEY ("workloadId") REFERENCES "Workload"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A checkpoint and an input are what a forecast is reproduced from: written once, dropped when nothing follows from them.
GRANT SELECT, INSERT, DELETE ON "ModelCheckpoint", "ModelInput" TO infrasage_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "PlannedEvent", "Forecaster" TO infrasage_app;
