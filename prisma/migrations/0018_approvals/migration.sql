-- AlterEnum
ALTER TYPE "AutomationLevel" ADD VALUE 'recommend';
ALTER TYPE "AutomationLevel" ADD VALUE 'automatic';

-- AlterEnum
ALTER TYPE "DecisionKind" ADD VALUE 'endorse';
ALTER TYPE "DecisionKind" ADD VALUE 'counter';
ALTER TYPE "DecisionKind" ADD VALUE 'undo';
ALTER TYPE "DecisionKind" ADD VALUE 'hold';

-- AlterTable
ALTER TABLE "Decision" ADD COLUMN     "approval" JSONB,
ADD COLUMN     "breakGlassId" UUID,
ADD COLUMN     "groups" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "notAfter" TIMESTAMPTZ(3),
ADD COLUMN     "notBefore" TIMESTAMPTZ(3),
ADD COLUMN     "revision" INTEGER;

-- AlterTable
ALTER TABLE "Dispatch" ADD COLUMN     "haltedAt" TIMESTAMPTZ(3),
ADD COLUMN     "takeBackAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "Proposal" ADD COLUMN     "counterId" UUID,
ADD COLUMN     "overdueSince" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "ApprovalDraft" (
    "number" INTEGER NOT NULL,
    "basedOnVersion" INTEGER NOT NULL,
    "policy" JSONB NOT NULL,
    "authorId" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ApprovalDraft_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "ApprovalVersion" (
    "version" INTEGER NOT NULL,
    "policy" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "draftNumber" INTEGER NOT NULL,
    "authorId" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ApprovalVersion_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "DispatchSwitch" (
    "number" INTEGER NOT NULL,
    "engaged" BOOLEAN NOT NULL,
    "reason" TEXT NOT NULL,
    "userId" UUID,
    "actor" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "DispatchSwitch_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "BreakGlass" (
    "id" UUID NOT NULL,
    "number" SERIAL NOT NULL,
    "userId" UUID NOT NULL,
    "actor" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "openedAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "reviewerId" UUID,
    "reviewActor" JSONB,
    "reviewNote" TEXT,
    "reviewedAt" TIMESTAMPTZ(3),

    CONSTRAINT "BreakGlass_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "BreakGlass_number_key" ON "BreakGlass"("number");

-- CreateIndex
CREATE INDEX "BreakGlass_userId_expiresAt_idx" ON "BreakGlass"("userId", "expiresAt");

-- CreateIndex
CREATE INDEX "BreakGlass_reviewedAt_idx" ON "BreakGlass"("reviewedAt");

-- AddForeignKey
ALTER TABLE "BreakGlass" ADD CONSTRAINT "BreakGlass_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BreakGlass" ADD CONSTRAINT "BreakGlass_reviewerId_fkey" FOREIGN KEY ("reviewerId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Decision" ADD CONSTRAINT "Decision_breakGlassId_fkey" FOREIGN KEY ("breakGlassId") REFERENCES "BreakGlass"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the schema language cannot say: an hour at most, nobody reviews themselves, and history stays.
ALTER TABLE "BreakGlass"
  ADD CONSTRAINT "BreakGlass_an_hour_at_most" CHECK ("expiresAt" > "openedAt" AND "expiresAt" <= "openedAt" + INTERVAL '60 minutes'),
  ADD CONSTRAINT "BreakGlass_reviewed_by_another" CHECK ("reviewerId" IS NULL OR "reviewerId" <> "userId"),
  ADD CONSTRAINT "BreakGlass_reviewed_whole" CHECK (("reviewedAt" IS NULL) = ("reviewerId" IS NULL));

CREATE FUNCTION refuse_change_of_glass() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."reviewedAt" IS NOT NULL
     OR (OLD."endedAt" IS NOT NULL AND NEW."endedAt" IS DISTINCT FROM OLD."endedAt")
     OR (to_jsonb(OLD) - ARRAY['endedAt', 'reviewerId', 'reviewActor', 'reviewNote', 'reviewedAt'])
        IS DISTINCT FROM (to_jsonb(NEW) - ARRAY['endedAt', 'reviewerId', 'reviewActor', 'reviewNote', 'reviewedAt']) THEN
    RAISE EXCEPTION 'UPDATE on "BreakGlass" is refused: it is ended once and reviewed once'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reviewed_once BEFORE UPDATE ON "BreakGlass" FOR EACH ROW EXECUTE FUNCTION refuse_change_of_glass();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON "BreakGlass"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "ApprovalDraft"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "ApprovalVersion"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "DispatchSwitch"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON "ApprovalDraft", "ApprovalVersion", "DispatchSwitch" TO infrasage_app;
GRANT SELECT, INSERT, UPDATE ("endedAt", "reviewerId", "reviewActor", "reviewNote", "reviewedAt") ON "BreakGlass" TO infrasage_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO infrasage_app;
