-- CreateTable
CREATE TABLE "AutonomyClass" (
    "workloadId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "confirmedAt" TIMESTAMPTZ(3) NOT NULL,
    "confirmedBy" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "measures" JSONB NOT NULL,
    "demotedAt" TIMESTAMPTZ(3),
    "demotedWhy" TEXT,

    CONSTRAINT "AutonomyClass_pkey" PRIMARY KEY ("workloadId","kind")
);

-- AddForeignKey
ALTER TABLE "AutonomyClass" ADD CONSTRAINT "AutonomyClass_workloadId_fkey" FOREIGN KEY ("workloadId") REFERENCES "Workload"("id") ON DELETE CASCADE ON UPDATE CASCADE;

GRANT SELECT, INSERT, UPDATE, DELETE ON "AutonomyClass" TO infrasage_app;
