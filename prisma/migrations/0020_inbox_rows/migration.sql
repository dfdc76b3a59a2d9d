-- AlterTable
ALTER TABLE "Proposal" ADD COLUMN     "actionCount" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "decideSeconds" INTEGER NOT NULL DEFAULT 600,
ADD COLUMN     "direction" TEXT NOT NULL DEFAULT 'up',
ADD COLUMN     "fromReplicas" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "place" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "regretUsd" DOUBLE PRECISION NOT NULL DEFAULT 0,
ADD COLUMN     "sloRiskAfter" DOUBLE PRECISION NOT NULL DEFAULT 0,
ADD COLUMN     "sloRiskBefore" DOUBLE PRECISION NOT NULL DEFAULT 0,
ADD COLUMN     "snoozedBy" TEXT,
ADD COLUMN     "snoozedUntil" TIMESTAMPTZ(3),
ADD COLUMN     "surgeProbability" DOUBLE PRECISION,
ADD COLUMN     "toReplicas" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "Proposal_createdAt_id_idx" ON "Proposal"("createdAt", "id");

-- What is kept already says the same of itself. Regret is worked out from forecasts, and stays 0 for what was made before.
UPDATE "Proposal" SET
    "direction" = COALESCE("content" ->> 'direction', 'up'),
    "actionCount" = jsonb_array_length(COALESCE("content" -> 'actions', '[]')),
    "fromReplicas" = COALESCE(("content" #>> '{evidence,capacity,desiredReplicas}')::INTEGER, 0),
    "toReplicas" = COALESCE(("content" #>> '{effect,replicas}')::INTEGER, 0),
    "place" = concat_ws(', ', "content" #>> '{evidence,capacity,domain,title}', "content" #>> '{evidence,capacity,offering,hardwareClass}'),
    "surgeProbability" = ("content" #>> '{evidence,surge,probability}')::DOUBLE PRECISION,
    "sloRiskBefore" = COALESCE(("content" #>> '{effect,sloRiskBefore}')::DOUBLE PRECISION, 0),
    "sloRiskAfter" = COALESCE(("content" #>> '{effect,sloRiskAfter}')::DOUBLE PRECISION, 0),
    "decideSeconds" = COALESCE(("content" #>> '{evidence,approvalLeadSeconds}')::DOUBLE PRECISION::INTEGER, 600);
