-- CreateEnum
CREATE TYPE "Role" AS ENUM ('operator', 'admin', 'auditor');

-- CreateEnum
CREATE TYPE "WorkloadKind" AS ENUM ('inference', 'training', 'batch');

-- CreateEnum
CREATE TYPE "DomainKind" AS ENUM ('on_premise', 'cloud', 'edge');

-- CreateEnum
CREATE TYPE "Market" AS ENUM ('on_demand', 'spot', 'reserved', 'owned');

-- CreateEnum
CREATE TYPE "SignalKind" AS ENUM ('gauge', 'counter');

-- CreateEnum
CREATE TYPE "AutomationLevel" AS ENUM ('observe', 'approve');

-- CreateEnum
CREATE TYPE "ProposalKind" AS ENUM ('scale', 'rollback');

-- CreateEnum
CREATE TYPE "ProposalState" AS ENUM ('waiting', 'approved', 'rejected', 'expired', 'superseded');

-- CreateEnum
CREATE TYPE "DecisionKind" AS ENUM ('approve', 'override', 'reject', 'expire', 'supersede', 'void');

-- CreateEnum
CREATE TYPE "DispatchState" AS ENUM ('pending', 'dispatching', 'applied', 'verified', 'failed', 'unknown', 'void');

-- CreateEnum
CREATE TYPE "AdapterKind" AS ENUM ('sandbox', 'kubernetes');

-- CreateTable
CREATE TABLE "User" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "roles" "Role"[],
    "active" BOOLEAN NOT NULL DEFAULT true,
    "sessionVersion" INTEGER NOT NULL DEFAULT 1,
    "lastSignInAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ApiKey" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "ownerId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),
    "lastUsedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ApiKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Workload" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "kind" "WorkloadKind" NOT NULL,
    "environment" TEXT NOT NULL,
    "team" TEXT NOT NULL,
    "dataClassification" TEXT NOT NULL,
    "requiredSecurityTier" INTEGER NOT NULL DEFAULT 1,
    "stepSeconds" INTEGER NOT NULL,
    "demandSignal" TEXT NOT NULL,
    "objectiveP99Ms" DOUBLE PRECISION NOT NULL,
    "sandbox" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Workload_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SignalMapping" (
    "id" UUID NOT NULL,
    "priority" INTEGER NOT NULL,
    "metric" TEXT NOT NULL,
    "matchLabels" JSONB NOT NULL DEFAULT '{}',
    "workloadLabel" TEXT,
    "workloadName" TEXT,
    "signal" TEXT NOT NULL,
    "kind" "SignalKind" NOT NULL,
    "scale" DOUBLE PRECISION NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SignalMapping_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Series" (
    "id" SERIAL NOT NULL,
    "workloadId" UUID NOT NULL,
    "signal" TEXT NOT NULL,
    "kind" "SignalKind" NOT NULL,
    "scale" DOUBLE PRECISION NOT NULL DEFAULT 1,
    "labelsHash" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Series_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Sample" (
    "seriesId" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "Sample_pkey" PRIMARY KEY ("seriesId","at")
);

-- CreateTable
CREATE TABLE "Rollup" (
    "workloadId" UUID NOT NULL,
    "signal" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "samples" INTEGER NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Rollup_pkey" PRIMARY KEY ("workloadId","signal","at")
);

-- CreateTable
CREATE TABLE "Domain" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "kind" "DomainKind" NOT NULL,
    "region" TEXT NOT NULL,
    "jurisdiction" TEXT NOT NULL,
    "securityTier" INTEGER NOT NULL,
    "carbonGPerKwh" DOUBLE PRECISION NOT NULL,
    "sandbox" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Domain_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Offering" (
    "id" UUID NOT NULL,
    "domainId" UUID NOT NULL,
    "hardwareClass" TEXT NOT NULL,
    "market" "Market" NOT NULL,
    "pricePerReplicaHourUsd" DOUBLE PRECISION NOT NULL,
    "powerKw" DOUBLE PRECISION NOT NULL,
    "leadTimeP50Seconds" INTEGER NOT NULL,
    "leadTimeP90Seconds" INTEGER NOT NULL,
    "interruptionRatePerHour" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "quotaReplicas" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Offering_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Pool" (
    "id" UUID NOT NULL,
    "workloadId" UUID NOT NULL,
    "offeringId" UUID NOT NULL,
    "targetId" UUID NOT NULL,
    "capacityPerReplica" DOUBLE PRECISION NOT NULL,
    "desiredReplicas" INTEGER,
    "readyReplicas" INTEGER,
    "observedVersion" TEXT,
    "observedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Pool_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WorkloadPolicy" (
    "id" UUID NOT NULL,
    "workloadId" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "minReplicas" INTEGER NOT NULL,
    "maxReplicas" INTEGER NOT NULL,
    "maxStepUp" INTEGER NOT NULL,
    "maxStepDown" INTEGER NOT NULL,
    "costLimitPerHourUsd" DOUBLE PRECISION NOT NULL,
    "allowedRegions" TEXT[],
    "penaltyRatio" DOUBLE PRECISION NOT NULL,
    "surgeProbability" DOUBLE PRECISION NOT NULL,
    "approvalLeadSeconds" INTEGER NOT NULL,
    "scaleDownCooldownSeconds" INTEGER NOT NULL,
    "automationLevel" "AutomationLevel" NOT NULL,
    "reason" TEXT NOT NULL,
    "authorId" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "WorkloadPolicy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ModelState" (
    "workloadId" UUID NOT NULL,
    "signal" TEXT NOT NULL,
    "modelVersion" TEXT NOT NULL,
    "horizon" INTEGER NOT NULL,
    "stepSeconds" INTEGER NOT NULL,
    "state" JSONB NOT NULL,
    "stateHash" TEXT NOT NULL,
    "trainedFrom" TIMESTAMPTZ(3) NOT NULL,
    "trainedTo" TIMESTAMPTZ(3) NOT NULL,
    "observations" INTEGER NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ModelState_pkey" PRIMARY KEY ("workloadId","signal")
);

-- CreateTable
CREATE TABLE "Forecast" (
    "id" UUID NOT NULL,
    "workloadId" UUID NOT NULL,
    "signal" TEXT NOT NULL,
    "origin" TIMESTAMPTZ(3) NOT NULL,
    "issuedAt" TIMESTAMPTZ(3) NOT NULL,
    "modelVersion" TEXT NOT NULL,
    "stateHash" TEXT NOT NULL,
    "snapshot" JSONB NOT NULL,

    CONSTRAINT "Forecast_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Proposal" (
    "id" UUID NOT NULL,
    "number" SERIAL NOT NULL,
    "workloadId" UUID NOT NULL,
    "kind" "ProposalKind" NOT NULL,
    "state" "ProposalState" NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "content" JSONB NOT NULL,
    "contentHash" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "confidence" DOUBLE PRECISION NOT NULL,
    "costChangePerHourUsd" DOUBLE PRECISION NOT NULL,
    "surgeAt" TIMESTAMPTZ(3),
    "actBy" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "forecastId" UUID,
    "basedOnId" UUID,
    "supersededById" UUID,
    "voidReason" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Proposal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Decision" (
    "id" UUID NOT NULL,
    "number" SERIAL NOT NULL,
    "proposalId" UUID NOT NULL,
    "kind" "DecisionKind" NOT NULL,
    "userId" UUID,
    "actor" JSONB NOT NULL,
    "reason" TEXT,
    "seen" JSONB NOT NULL,
    "sent" JSONB,
    "difference" JSONB,
    "binding" JSONB,
    "contentHash" TEXT NOT NULL,
    "nonce" TEXT,
    "usedAt" TIMESTAMPTZ(3),
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Connection" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "adapter" "AdapterKind" NOT NULL,
    "encryptedConfig" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "lastCheckedAt" TIMESTAMPTZ(3),
    "lastError" TEXT,

    CONSTRAINT "Connection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Target" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "connectionId" UUID NOT NULL,
    "ref" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Target_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Dispatch" (
    "id" UUID NOT NULL,
    "decisionId" UUID NOT NULL,
    "state" "DispatchState" NOT NULL,
    "fencingToken" INTEGER NOT NULL DEFAULT 0,
    "leaseOwner" TEXT,
    "leaseUntil" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "note" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "appliedAt" TIMESTAMPTZ(3),
    "verifiedAt" TIMESTAMPTZ(3),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Dispatch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Receipt" (
    "id" UUID NOT NULL,
    "dispatchId" UUID NOT NULL,
    "targetId" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "request" JSONB NOT NULL,
    "response" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Receipt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "stage" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "canonical" TEXT NOT NULL,
    "prevHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "AuditCheckpoint" (
    "size" BIGINT NOT NULL,
    "headHash" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "keyId" TEXT NOT NULL,
    "signature" TEXT NOT NULL,

    CONSTRAINT "AuditCheckpoint_pkey" PRIMARY KEY ("size")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE UNIQUE INDEX "ApiKey_prefix_key" ON "ApiKey"("prefix");

-- CreateIndex
CREATE UNIQUE INDEX "ApiKey_hash_key" ON "ApiKey"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "Workload_name_key" ON "Workload"("name");

-- CreateIndex
CREATE UNIQUE INDEX "SignalMapping_metric_priority_key" ON "SignalMapping"("metric", "priority");

-- CreateIndex
CREATE UNIQUE INDEX "Series_workloadId_signal_labelsHash_key" ON "Series"("workloadId", "signal", "labelsHash");

-- CreateIndex
CREATE UNIQUE INDEX "Domain_name_key" ON "Domain"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Offering_domainId_hardwareClass_market_key" ON "Offering"("domainId", "hardwareClass", "market");

-- CreateIndex
CREATE UNIQUE INDEX "Pool_workloadId_key" ON "Pool"("workloadId");

-- CreateIndex
CREATE UNIQUE INDEX "Pool_targetId_key" ON "Pool"("targetId");

-- CreateIndex
CREATE UNIQUE INDEX "WorkloadPolicy_workloadId_version_key" ON "WorkloadPolicy"("workloadId", "version");

-- CreateIndex
CREATE INDEX "Forecast_workloadId_issuedAt_idx" ON "Forecast"("workloadId", "issuedAt");

-- CreateIndex
CREATE UNIQUE INDEX "Forecast_workloadId_signal_origin_key" ON "Forecast"("workloadId", "signal", "origin");

-- CreateIndex
CREATE UNIQUE INDEX "Proposal_number_key" ON "Proposal"("number");

-- CreateIndex
CREATE INDEX "Proposal_state_actBy_idx" ON "Proposal"("state", "actBy");

-- CreateIndex
CREATE INDEX "Proposal_workloadId_createdAt_idx" ON "Proposal"("workloadId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "Decision_number_key" ON "Decision"("number");

-- CreateIndex
CREATE UNIQUE INDEX "Decision_nonce_key" ON "Decision"("nonce");

-- CreateIndex
CREATE INDEX "Decision_proposalId_idx" ON "Decision"("proposalId");

-- CreateIndex
CREATE INDEX "Decision_at_idx" ON "Decision"("at");

-- CreateIndex
CREATE UNIQUE INDEX "Connection_name_key" ON "Connection"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Target_name_key" ON "Target"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Dispatch_decisionId_key" ON "Dispatch"("decisionId");

-- CreateIndex
CREATE INDEX "Dispatch_state_idx" ON "Dispatch"("state");

-- CreateIndex
CREATE INDEX "Receipt_dispatchId_at_idx" ON "Receipt"("dispatchId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "AuditEntry_hash_key" ON "AuditEntry"("hash");

-- CreateIndex
CREATE INDEX "AuditEntry_subject_seq_idx" ON "AuditEntry"("subject", "seq");

-- CreateIndex
CREATE INDEX "AuditEntry_stage_action_seq_idx" ON "AuditEntry"("stage", "action", "seq");

-- CreateIndex
CREATE INDEX "AuditEntry_at_idx" ON "AuditEntry"("at");

-- AddForeignKey
ALTER TABLE "ApiKey" ADD CONSTRAINT "ApiKey_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Series" ADD CONSTRAINT "Series_workloadId_fkey" FOREIGN KEY ("workloadId") REFERENCES "Workload"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Rollup" ADD CONSTRAINT "Rollup_workloadId_fkey" FOREIGN KEY ("workloadId") REFERENCES "Workload"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Offering" ADD CONSTRAINT "Offering_domainId_fkey" FOREIGN KEY ("domainId") REFERENCES "Domain"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Pool" ADD CONSTRAINT "Pool_workloadId_fkey" FOREIGN KEY ("workloadId") REFERENCES "Workload"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Pool" ADD CONSTRAINT "Pool_offeringId_fkey" FOREIGN KEY ("offeringId") REFERENCES "Offering"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Pool" ADD CONSTRAINT "Pool_targetId_fkey" FOREIGN KEY ("targetId") REFERENCES "Target"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "WorkloadPolicy" ADD CONSTRAINT "WorkloadPolicy_workloadId_fkey" FOREIGN KEY ("workloadId") REFERENCES "Workload"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ModelState" ADD CONSTRAINT "ModelState_workloadId_fkey" FOREIGN KEY ("workloadId") REFERENCES "Workload"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Forecast" ADD CONSTRAINT "Forecast_workloadId_fkey" FOREIGN KEY ("workloadId") REFERENCES "Workload"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Proposal" ADD CONSTRAINT "Proposal_workloadId_fkey" FOREIGN KEY ("workloadId") REFERENCES "Workload"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Proposal" ADD CONSTRAINT "Proposal_forecastId_fkey" FOREIGN KEY ("forecastId") REFERENCES "Forecast"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Proposal" ADD CONSTRAINT "Proposal_basedOnId_fkey" FOREIGN KEY ("basedOnId") REFERENCES "Proposal"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Decision" ADD CONSTRAINT "Decision_proposalId_fkey" FOREIGN KEY ("proposalId") REFERENCES "Proposal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Decision" ADD CONSTRAINT "Decision_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Target" ADD CONSTRAINT "Target_connectionId_fkey" FOREIGN KEY ("connectionId") REFERENCES "Connection"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Dispatch" ADD CONSTRAINT "Dispatch_decisionId_fkey" FOREIGN KEY ("decisionId") REFERENCES "Decision"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Receipt" ADD CONSTRAINT "Receipt_dispatchId_fkey" FOREIGN KEY ("dispatchId") REFERENCES "Dispatch"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
