-- CreateTable
CREATE TABLE "LedgerEntry" (
    "decisionId" UUID NOT NULL,
    "workloadId" UUID NOT NULL,
    "userId" UUID,
    "kind" "DecisionKind" NOT NULL,
    "who" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "final" BOOLEAN NOT NULL,
    "figures" JSONB NOT NULL,
    "costVsReactiveUsd" DOUBLE PRECISION NOT NULL,
    "shortVsReactiveHours" DOUBLE PRECISION NOT NULL,
    "violationVsReactiveMinutes" DOUBLE PRECISION NOT NULL,
    "carbonVsReactiveG" DOUBLE PRECISION NOT NULL,
    "costVsProposedUsd" DOUBLE PRECISION,
    "shortVsProposedHours" DOUBLE PRECISION,
    "violationVsProposedMinutes" DOUBLE PRECISION,
    "carbonVsProposedG" DOUBLE PRECISION,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "LedgerEntry_pkey" PRIMARY KEY ("decisionId")
);

-- CreateIndex
CREATE INDEX "LedgerEntry_workloadId_from_idx" ON "LedgerEntry"("workloadId", "from");

-- CreateIndex
CREATE INDEX "LedgerEntry_final_idx" ON "LedgerEntry"("final");

-- AddForeignKey
ALTER TABLE "LedgerEntry" ADD CONSTRAINT "LedgerEntry_decisionId_fkey" FOREIGN KEY ("decisionId") REFERENCES "Decision"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What is final stays as it is, and nothing is ever taken out.
CREATE FUNCTION refuse_change_of_final() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."final" THEN
    RAISE EXCEPTION 'UPDATE on "LedgerEntry" is refused: the entry is final' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER final_stays BEFORE UPDATE ON "LedgerEntry" FOR EACH ROW EXECUTE FUNCTION refuse_change_of_final();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON "LedgerEntry"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE ON "LedgerEntry" TO infrasage_app;
