-- AlterTable
ALTER TABLE "Target" ADD COLUMN     "ownership" JSONB;
