-- CreateEnum
CREATE TYPE "GuideState" AS ENUM ('idle', 'queued', 'running');

-- CreateTable
CREATE TABLE "guide_source" (
    "id" SERIAL NOT NULL,
    "provider_id" INTEGER,
    "owner_id" UUID,
    "name" TEXT NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "shift_minutes" INTEGER NOT NULL DEFAULT 0,
    "refreshed_at" TIMESTAMPTZ(3),
    "error_code" TEXT,
    "version" INTEGER NOT NULL DEFAULT 0,
    "state" "GuideState" NOT NULL DEFAULT 'idle',
    "progress" JSONB NOT NULL DEFAULT '{}',
    "cancel_asked" BOOLEAN NOT NULL DEFAULT false,
    "tried_at" TIMESTAMPTZ(3),
    "beat_at" TIMESTAMPTZ(3),

    CONSTRAINT "guide_source_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "guide_channel" (
    "id" SERIAL NOT NULL,
    "source_id" INTEGER NOT NULL,
    "xmltv_id" TEXT NOT NULL,
    "names" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "icon" TEXT,

    CONSTRAINT "guide_channel_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "programme" (
    "channel_id" INTEGER NOT NULL,
    "start" TIMESTAMPTZ NOT NULL,
    "stop" TIMESTAMPTZ NOT NULL,
    "title" TEXT NOT NULL,
    "sub_title" TEXT,
    "description" TEXT,
    "categories" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "details" JSONB,

    CONSTRAINT "programme_pkey" PRIMARY KEY ("channel_id","start")
);

-- CreateIndex
CREATE UNIQUE INDEX "guide_source_provider_id_key" ON "guide_source"("provider_id");

-- CreateIndex
CREATE INDEX "guide_source_owner_id_idx" ON "guide_source"("owner_id");

-- CreateIndex
CREATE UNIQUE INDEX "guide_channel_source_id_xmltv_id_key" ON "guide_channel"("source_id", "xmltv_id");

-- AddForeignKey
ALTER TABLE "guide_source" ADD CONSTRAINT "guide_source_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "guide_source" ADD CONSTRAINT "guide_source_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "guide_channel" ADD CONSTRAINT "guide_channel_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "guide_source"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "programme" ADD CONSTRAINT "programme_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "guide_channel"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Provider and guide disagree about capitals often enough: the second way to find a channel. Prisma cannot express this.
CREATE INDEX "guide_channel_folded" ON "guide_channel"("source_id", lower("xmltv_id"));
