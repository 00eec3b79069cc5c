-- AlterTable
ALTER TABLE "guide_source" ADD COLUMN "told_version" INTEGER NOT NULL DEFAULT 0;

-- What there was has been told.
UPDATE "guide_source" SET "told_version" = "version";
