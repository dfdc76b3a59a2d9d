-- CreateEnum
CREATE TYPE "BaseModelState" AS ENUM ('waiting', 'approved', 'rejected', 'expired', 'rolled_back');

-- CreateEnum
CREATE TYPE "BaseDecisionKind" AS ENUM ('approve', 'reject', 'expire', 'rollback');

-- AlterTable
ALTER TABLE "ModelInput" ADD COLUMN     "base" TEXT;

-- CreateTable
CREATE TABLE "BaseModel" (
    "id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "version" TEXT NOT NULL,
    "parent" TEXT NOT NULL,
    "state" "BaseModelState" NOT NULL,
    "model" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "trainedRows" INTEGER NOT NULL,
    "test" JSONB NOT NULL,
    "passed" BOOLEAN NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "decidedAt" TIMESTAMPTZ(3),

    CONSTRAINT "BaseModel_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BaseDecision" (
    "id" UUID NOT NULL,
    "baseModelId" UUID NOT NULL,
    "kind" "BaseDecisionKind" NOT NULL,
    "userId" UUID,
    "actor" JSONB NOT NULL,
    "reason" TEXT,
    "hash" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "BaseDecision_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "BaseModel_number_key" ON "BaseModel"("number");

-- CreateIndex
CREATE UNIQUE INDEX "BaseModel_version_key" ON "BaseModel"("version");

-- CreateIndex
CREATE INDEX "BaseModel_state_number_idx" ON "BaseModel"("state", "number");

-- CreateIndex
CREATE INDEX "BaseDecision_baseModelId_at_idx" ON "BaseDecision"("baseModelId", "at");

-- AddForeignKey
ALTER TABLE "BaseDecision" ADD CONSTRAINT "BaseDecision_baseModelId_fkey" FOREIGN KEY ("baseModelId") REFERENCES "BaseModel"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BaseDecision" ADD CONSTRAINT "BaseDecision_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- ── Nothing unapproved goes live ────────────────────────────────────────────

-- What was refitted is kept as it was; only its state moves, one way, and only a person's decision makes it live.
CREATE FUNCTION guard_base_model() RETURNS TRIGGER LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  live TEXT;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW."state" <> 'waiting' THEN
      RAISE EXCEPTION 'a base model starts as waiting, not as %', NEW."state" USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
  END IF;
  IF (to_jsonb(OLD) - 'state' - 'decidedAt') IS DISTINCT FROM (to_jsonb(NEW) - 'state' - 'decidedAt') THEN
    RAISE EXCEPTION 'UPDATE on "BaseModel" is refused: only its state may change' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NOT (OLD."state" = 'waiting' AND NEW."state" IN ('approved', 'rejected', 'expired')
          OR OLD."state" = 'approved' AND NEW."state" = 'rolled_back') THEN
    RAISE EXCEPTION 'a base model that is % cannot become %', OLD."state", NEW."state" USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('base-model', 0));
  SELECT "version" INTO live FROM "BaseModel" WHERE "state" = 'approved' ORDER BY "number" DESC LIMIT 1;
  IF NEW."state" = 'approved' THEN
    IF NOT NEW."passed" THEN
      RAISE EXCEPTION 'a base model that failed its forgetting test cannot be approved' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW."parent" <> coalesce(live, 'base-0') THEN
      RAISE EXCEPTION 'a base model made from % cannot follow %', NEW."parent", coalesce(live, 'base-0')
        USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (
      SELECT 1 FROM "BaseDecision" d
      WHERE d."baseModelId" = NEW."id" AND d."kind" = 'approve' AND d."userId" IS NOT NULL AND d."hash" = NEW."hash"
    ) THEN
      RAISE EXCEPTION 'a base model goes live only by a person''s approval' USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  IF NEW."state" = 'rolled_back' AND NEW."version" <> live THEN
    RAISE EXCEPTION 'only the live base model can be rolled back' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guarded BEFORE INSERT OR UPDATE ON "BaseModel" FOR EACH ROW EXECUTE FUNCTION guard_base_model();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON "BaseModel"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "BaseDecision"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE ("state", "decidedAt") ON "BaseModel" TO infrasage_app;
GRANT SELECT, INSERT ON "BaseDecision" TO infrasage_app;
