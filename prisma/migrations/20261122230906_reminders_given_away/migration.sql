-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "hand_overs" INTEGER NOT NULL DEFAULT 0;
