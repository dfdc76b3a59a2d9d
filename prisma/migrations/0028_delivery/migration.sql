-- AlterTable
ALTER TABLE "Decision" ADD COLUMN     "rehearsal" JSONB;

-- AlterTable
ALTER TABLE "Dispatch" ADD COLUMN     "crashes" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "deadAt" TIMESTAMPTZ(3),
ADD COLUMN     "deadPosition" INTEGER,
ADD COLUMN     "redrivenAt" TIMESTAMPTZ(3),
ADD COLUMN     "unknownAt" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "ConnectionGate" (
    "connectionId" UUID NOT NULL,
    "requestsPerSecond" DOUBLE PRECISION NOT NULL DEFAULT 50,
    "burst" DOUBLE PRECISION NOT NULL DEFAULT 100,
    "tokens" DOUBLE PRECISION NOT NULL DEFAULT 100,
    "refilledAt" TIMESTAMPTZ(3) NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "openUntil" TIMESTAMPTZ(3),
    "opens" INTEGER NOT NULL DEFAULT 0,
    "probing" BOOLEAN NOT NULL DEFAULT false,
    "pausedUntil" TIMESTAMPTZ(3),
    "lastFailure" TEXT,

    CONSTRAINT "ConnectionGate_pkey" PRIMARY KEY ("connectionId")
);

-- CreateTable
CREATE TABLE "Rehearsal" (
    "proposalId" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "targetId" UUID NOT NULL,
    "contentHash" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "message" TEXT,
    "observedVersion" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Rehearsal_pkey" PRIMARY KEY ("proposalId","position")
);

-- CreateIndex
CREATE INDEX "Dispatch_deadAt_idx" ON "Dispatch"("deadAt");

-- AddForeignKey
ALTER TABLE "ConnectionGate" ADD CONSTRAINT "ConnectionGate_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "Connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Rehearsal" ADD CONSTRAINT "Rehearsal_proposalId_fkey" FOREIGN KEY ("proposalId") REFERENCES "Proposal"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is unknown at the moment of the upgrade has its limit from then on.
UPDATE "Dispatch" SET "unknownAt" = "updatedAt" WHERE "state" = 'unknown';

GRANT SELECT, INSERT, UPDATE ON "ConnectionGate" TO infrasage_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "Rehearsal" TO infrasage_app;
