ALTER TABLE "playback_session" ADD COLUMN "asked" JSONB;
