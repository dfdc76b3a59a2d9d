-- CreateEnum
CREATE TYPE "EngineOutcome" AS ENUM ('allow', 'deny', 'none');

-- CreateTable
CREATE TABLE "PolicyEngine" (
    "id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "url" TEXT,
    "encryptedToken" TEXT,
    "timeoutMs" INTEGER NOT NULL,
    "enforcement" TEXT NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PolicyEngine_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "EngineVerdict" (
    "id" UUID NOT NULL,
    "number" SERIAL NOT NULL,
    "engineVersion" INTEGER NOT NULL,
    "proposalId" UUID NOT NULL,
    "contentHash" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "question" JSONB NOT NULL,
    "questionHash" TEXT NOT NULL,
    "outcome" "EngineOutcome" NOT NULL,
    "reasons" TEXT[],
    "problem" TEXT,
    "tookMs" INTEGER NOT NULL,
    "actor" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "EngineVerdict_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "EngineVerdict_number_key" ON "EngineVerdict"("number");

-- CreateIndex
CREATE INDEX "EngineVerdict_proposalId_at_idx" ON "EngineVerdict"("proposalId", "at");

-- CreateIndex
CREATE INDEX "EngineVerdict_contentHash_engineVersion_idx" ON "EngineVerdict"("contentHash", "engineVersion");

GRANT SELECT, INSERT, UPDATE ON "PolicyEngine" TO infrasage_app;
-- What was asked and answered stays as it is.
GRANT SELECT, INSERT ON "EngineVerdict" TO infrasage_app;
GRANT USAGE ON SEQUENCE "EngineVerdict_number_seq" TO infrasage_app;
