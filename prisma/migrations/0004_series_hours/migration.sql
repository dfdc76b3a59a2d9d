-- Which hours a series has samples in, so that a step is made from the series of its time and not from all there ever were.
ALTER TABLE "Series"
  ADD COLUMN "firstHour" TIMESTAMPTZ(3) NOT NULL DEFAULT '-infinity',
  ADD COLUMN "lastHour" TIMESTAMPTZ(3) NOT NULL DEFAULT 'infinity';
ALTER TABLE "Series" ALTER COLUMN "firstHour" DROP DEFAULT, ALTER COLUMN "lastHour" DROP DEFAULT;

-- CreateIndex
CREATE INDEX "Series_workloadId_signal_lastHour_idx" ON "Series"("workloadId", "signal", "lastHour");
