-- AlterTable
ALTER TABLE "Proposal" ADD COLUMN     "newerAdvice" TEXT;
