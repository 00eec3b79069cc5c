-- AlterTable
ALTER TABLE "playback_quality" ADD COLUMN     "seek_ms" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "source_ms" INTEGER NOT NULL DEFAULT 0;
