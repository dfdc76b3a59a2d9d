-- AlterEnum
ALTER TYPE "SessionStage" ADD VALUE 'new_password';

-- AlterTable
ALTER TABLE "User" ADD COLUMN     "firstPasswordUntil" TIMESTAMPTZ(3);
