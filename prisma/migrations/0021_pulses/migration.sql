-- CreateTable
CREATE TABLE "Pulse" (
    "id" UUID NOT NULL,
    "decisionId" UUID NOT NULL,
    "userId" UUID NOT NULL,
    "clear" INTEGER NOT NULL,
    "trust" INTEGER NOT NULL,
    "ease" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Pulse_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SurgeOutcome" (
    "proposalId" UUID NOT NULL,
    "came" BOOLEAN,
    "peak" DOUBLE PRECISION,
    "capacity" DOUBLE PRECISION NOT NULL,
    "judgedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SurgeOutcome_pkey" PRIMARY KEY ("proposalId")
);

-- CreateIndex
CREATE INDEX "Pulse_at_idx" ON "Pulse"("at");

-- CreateIndex
CREATE UNIQUE INDEX "Pulse_decisionId_userId_key" ON "Pulse"("decisionId", "userId");

-- AddForeignKey
ALTER TABLE "Pulse" ADD CONSTRAINT "Pulse_decisionId_fkey" FOREIGN KEY ("decisionId") REFERENCES "Decision"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Pulse" ADD CONSTRAINT "Pulse_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SurgeOutcome" ADD CONSTRAINT "SurgeOutcome_proposalId_fkey" FOREIGN KEY ("proposalId") REFERENCES "Proposal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What was said and what was judged stays as it was.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "Pulse"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "SurgeOutcome"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON "Pulse", "SurgeOutcome" TO infrasage_app;
