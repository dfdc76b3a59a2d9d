-- AlterTable
ALTER TABLE "Decision" ADD COLUMN     "waiver" JSONB;

-- CreateTable
CREATE TABLE "RuleDraft" (
    "number" INTEGER NOT NULL,
    "basedOnVersion" INTEGER NOT NULL,
    "rules" JSONB NOT NULL,
    "authorId" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "RuleDraft_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "RuleSet" (
    "version" INTEGER NOT NULL,
    "rules" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "draftNumber" INTEGER NOT NULL,
    "authorId" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "RuleSet_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "SpendHour" (
    "workloadId" UUID NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "usd" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "SpendHour_pkey" PRIMARY KEY ("workloadId","hour")
);

-- CreateTable
CREATE TABLE "PoolMeter" (
    "poolId" UUID NOT NULL,
    "meteredUntil" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PoolMeter_pkey" PRIMARY KEY ("poolId")
);

-- CreateTable
CREATE TABLE "BudgetAlert" (
    "id" UUID NOT NULL,
    "rule" TEXT NOT NULL,
    "of" TEXT NOT NULL,
    "month" TIMESTAMPTZ(3) NOT NULL,
    "mark" INTEGER NOT NULL,
    "limitUsd" DOUBLE PRECISION NOT NULL,
    "spentUsd" DOUBLE PRECISION NOT NULL,
    "monthEndUsd" DOUBLE PRECISION NOT NULL,
    "ruleSetVersion" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "BudgetAlert_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "SpendHour_hour_idx" ON "SpendHour"("hour");

-- CreateIndex
CREATE INDEX "BudgetAlert_month_at_idx" ON "BudgetAlert"("month", "at");

-- CreateIndex
CREATE UNIQUE INDEX "BudgetAlert_rule_of_month_limitUsd_mark_key" ON "BudgetAlert"("rule", "of", "month", "limitUsd", "mark");

-- AddForeignKey
ALTER TABLE "SpendHour" ADD CONSTRAINT "SpendHour_workloadId_fkey" FOREIGN KEY ("workloadId") REFERENCES "Workload"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PoolMeter" ADD CONSTRAINT "PoolMeter_poolId_fkey" FOREIGN KEY ("poolId") REFERENCES "Pool"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What was drafted, published and alerted stays as it was.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "RuleDraft"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "RuleSet"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "BudgetAlert"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON "RuleDraft", "RuleSet", "BudgetAlert" TO infrasage_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "SpendHour", "PoolMeter" TO infrasage_app;
