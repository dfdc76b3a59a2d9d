-- CreateEnum
CREATE TYPE "SceneState" AS ENUM ('starting', 'running', 'ended');

-- AlterTable
ALTER TABLE "Workload" ADD COLUMN     "endedAt" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "HarmfulSpan" (
    "id" UUID NOT NULL,
    "workloadId" UUID NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "detectedAt" TIMESTAMPTZ(3) NOT NULL,
    "dismissedAt" TIMESTAMPTZ(3),
    "evidence" JSONB NOT NULL,

    CONSTRAINT "HarmfulSpan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SceneRun" (
    "id" UUID NOT NULL,
    "scene" TEXT NOT NULL,
    "run" INTEGER NOT NULL,
    "state" "SceneState" NOT NULL,
    "note" TEXT,
    "workloads" TEXT[],
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "SceneRun_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "HarmfulSpan_workloadId_since_idx" ON "HarmfulSpan"("workloadId", "since");

-- CreateIndex
CREATE UNIQUE INDEX "SceneRun_scene_run_key" ON "SceneRun"("scene", "run");

-- AddForeignKey
ALTER TABLE "HarmfulSpan" ADD CONSTRAINT "HarmfulSpan_workloadId_fkey" FOREIGN KEY ("workloadId") REFERENCES "Workload"("id") ON DELETE CASCADE ON UPDATE CASCADE;

GRANT SELECT, INSERT, UPDATE, DELETE ON "HarmfulSpan", "SceneRun" TO infrasage_app;
