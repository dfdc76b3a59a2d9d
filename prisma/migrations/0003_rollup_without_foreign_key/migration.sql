-- A rollup is made from series, which reference their workload; checking each step again cost half of a write.
ALTER TABLE "Rollup" DROP CONSTRAINT "Rollup_workloadId_fkey";
