-- AlterEnum
ALTER TYPE "GuideMatchHow" ADD VALUE 'event';

-- AlterTable
ALTER TABLE "guide_source" ADD COLUMN     "from_names" BOOLEAN NOT NULL DEFAULT false;

-- One an owner, the platform included.
CREATE UNIQUE INDEX "guide_source_of_names" ON "guide_source" ((coalesce("owner_id"::text, ''))) WHERE "from_names";
