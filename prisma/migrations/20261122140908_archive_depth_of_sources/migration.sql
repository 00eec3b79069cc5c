-- AlterTable
ALTER TABLE "source" ADD COLUMN     "archive_days" INTEGER NOT NULL DEFAULT 0;

-- Until its next import a source keeps what its channel was said to have.
UPDATE "source" s SET "archive_days" = i."archive_days" FROM "item" i WHERE i."id" = s."item_id" AND i."archive_days" > 0;
