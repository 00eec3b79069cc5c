-- CreateTable
CREATE TABLE "playback_quality" (
    "session_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "item_id" INTEGER NOT NULL,
    "source_id" INTEGER NOT NULL,
    "provider_id" INTEGER,
    "live" BOOLEAN NOT NULL,
    "browser" TEXT NOT NULL,
    "connection" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "zap" BOOLEAN NOT NULL,
    "start_ms" INTEGER,
    "watched_ms" INTEGER NOT NULL,
    "stalls" INTEGER NOT NULL,
    "network_ms" INTEGER NOT NULL,
    "decode_ms" INTEGER NOT NULL,
    "switch_ms" INTEGER NOT NULL,
    "bitrate_switches" INTEGER NOT NULL,
    "dropped_frames" INTEGER NOT NULL,
    "decoded_frames" INTEGER NOT NULL,
    "bitrate" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "errors" TEXT[],
    "failed" BOOLEAN NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "playback_quality_pkey" PRIMARY KEY ("session_id")
);

-- CreateTable
CREATE TABLE "quality_alert" (
    "id" SERIAL NOT NULL,
    "item_id" INTEGER NOT NULL,
    "viewers" INTEGER NOT NULL,
    "failing" DOUBLE PRECISION NOT NULL,
    "stalled" DOUBLE PRECISION NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "quality_alert_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "playback_quality_started_at_idx" ON "playback_quality"("started_at");

-- CreateIndex
CREATE INDEX "playback_quality_updated_at_idx" ON "playback_quality"("updated_at");

-- CreateIndex
CREATE INDEX "quality_alert_started_at_idx" ON "quality_alert"("started_at");
