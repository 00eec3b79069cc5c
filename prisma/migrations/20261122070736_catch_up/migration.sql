-- AlterTable
ALTER TABLE "playback_session" ADD COLUMN     "replay_start" TIMESTAMPTZ(3),
ADD COLUMN     "replay_stop" TIMESTAMPTZ(3);
