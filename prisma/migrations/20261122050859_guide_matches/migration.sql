-- CreateEnum
CREATE TYPE "GuideMatchHow" AS ENUM ('exact', 'folded', 'normalised', 'fuzzy', 'manual', 'none', 'open');

-- AlterTable
ALTER TABLE "guide_source" ADD COLUMN     "address" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "refresh_hours" INTEGER NOT NULL DEFAULT 24,
ADD COLUMN     "secret" TEXT;

-- CreateTable
CREATE TABLE "guide_file" (
    "source_id" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,

    CONSTRAINT "guide_file_pkey" PRIMARY KEY ("source_id")
);

-- CreateTable
CREATE TABLE "guide_match" (
    "item_id" INTEGER NOT NULL,
    "channel_id" INTEGER,
    "how" "GuideMatchHow" NOT NULL,
    "score" REAL NOT NULL DEFAULT 0,
    "shift_minutes" INTEGER NOT NULL DEFAULT 0,
    "app_id" TEXT,
    "candidates" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "guide_match_pkey" PRIMARY KEY ("item_id")
);

-- CreateIndex
CREATE INDEX "guide_match_channel_id_idx" ON "guide_match"("channel_id");

-- AddForeignKey
ALTER TABLE "guide_file" ADD CONSTRAINT "guide_file_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "guide_source"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "guide_match" ADD CONSTRAINT "guide_match_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "guide_match" ADD CONSTRAINT "guide_match_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "guide_channel"("id") ON DELETE SET NULL ON UPDATE CASCADE;
