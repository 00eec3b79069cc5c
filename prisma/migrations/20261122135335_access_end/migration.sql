-- AlterTable
ALTER TABLE "account" ADD COLUMN     "access_ends_at" TIMESTAMPTZ(3);
