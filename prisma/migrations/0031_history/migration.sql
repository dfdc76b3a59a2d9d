-- DropIndex
DROP INDEX "DispatchAction_targetId_idx";

-- CreateIndex
CREATE INDEX "Dispatch_appliedAt_idx" ON "Dispatch"("appliedAt");

-- CreateIndex
CREATE INDEX "DispatchAction_targetId_verifiedAt_idx" ON "DispatchAction"("targetId", "verifiedAt");

-- CreateIndex
CREATE INDEX "Pool_offeringId_idx" ON "Pool"("offeringId");

-- Approvals that are not used up: few, whatever was ever approved.
CREATE INDEX "Decision_unused_idx" ON "Decision"("id") WHERE "usedAt" IS NULL AND "kind" IN ('approve', 'override');
