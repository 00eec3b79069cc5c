-- AlterTable
ALTER TABLE "playback_quality" ADD COLUMN     "app" TEXT,
ADD COLUMN     "app_session" TEXT,
ADD COLUMN     "throughput" INTEGER;
