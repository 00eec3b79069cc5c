-- CreateEnum
CREATE TYPE "WhenFull" AS ENUM ('replace', 'refuse');

-- AlterTable
ALTER TABLE "slot" ADD COLUMN     "priority" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "playback_session" ADD COLUMN     "address" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "app" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "bitrate" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "bytes" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "line_id" INTEGER;

-- CreateTable
CREATE TABLE "device_line" (
    "id" SERIAL NOT NULL,
    "account_id" UUID NOT NULL,
    "profile_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "credential_hash" BYTEA NOT NULL,
    "key_id" TEXT NOT NULL,
    "formats" TEXT[] DEFAULT ARRAY['ts', 'm3u8']::TEXT[],
    "max_connections" INTEGER NOT NULL DEFAULT 1,
    "when_full" "WhenFull",
    "priority" INTEGER NOT NULL DEFAULT 5,
    "rules" JSONB NOT NULL DEFAULT '{}',
    "all_providers" BOOLEAN NOT NULL DEFAULT true,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3),
    "last_address" TEXT,
    "last_app" TEXT,

    CONSTRAINT "device_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "device_line_provider" (
    "line_id" INTEGER NOT NULL,
    "provider_id" INTEGER NOT NULL,

    CONSTRAINT "device_line_provider_pkey" PRIMARY KEY ("line_id","provider_id")
);

-- CreateTable
CREATE TABLE "bouquet" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bouquet_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bouquet_category" (
    "bouquet_id" INTEGER NOT NULL,
    "category_id" INTEGER NOT NULL,

    CONSTRAINT "bouquet_category_pkey" PRIMARY KEY ("bouquet_id","category_id")
);

-- CreateTable
CREATE TABLE "device_line_bouquet" (
    "line_id" INTEGER NOT NULL,
    "bouquet_id" INTEGER NOT NULL,

    CONSTRAINT "device_line_bouquet_pkey" PRIMARY KEY ("line_id","bouquet_id")
);

-- CreateTable
CREATE TABLE "provider_login" (
    "id" SERIAL NOT NULL,
    "provider_id" INTEGER NOT NULL,
    "secret" TEXT NOT NULL,
    "account_status" JSONB,
    "status_at" TIMESTAMPTZ(3),
    "error_code" TEXT,

    CONSTRAINT "provider_login_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "device_line_username_key" ON "device_line"("username");

-- CreateIndex
CREATE UNIQUE INDEX "device_line_credential_hash_key" ON "device_line"("credential_hash");

-- CreateIndex
CREATE INDEX "device_line_account_id_idx" ON "device_line"("account_id");

-- CreateIndex
CREATE INDEX "device_line_profile_id_idx" ON "device_line"("profile_id");

-- CreateIndex
CREATE INDEX "device_line_provider_provider_id_idx" ON "device_line_provider"("provider_id");

-- CreateIndex
CREATE UNIQUE INDEX "bouquet_name_key" ON "bouquet"("name");

-- CreateIndex
CREATE INDEX "bouquet_category_category_id_idx" ON "bouquet_category"("category_id");

-- CreateIndex
CREATE INDEX "device_line_bouquet_bouquet_id_idx" ON "device_line_bouquet"("bouquet_id");

-- CreateIndex
CREATE INDEX "provider_login_provider_id_id_idx" ON "provider_login"("provider_id", "id");

-- CreateIndex
CREATE INDEX "playback_session_line_id_ended_at_idx" ON "playback_session"("line_id", "ended_at");

-- AddForeignKey
ALTER TABLE "device_line" ADD CONSTRAINT "device_line_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "device_line" ADD CONSTRAINT "device_line_profile_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "profile"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "device_line_provider" ADD CONSTRAINT "device_line_provider_line_id_fkey" FOREIGN KEY ("line_id") REFERENCES "device_line"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "device_line_provider" ADD CONSTRAINT "device_line_provider_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bouquet_category" ADD CONSTRAINT "bouquet_category_bouquet_id_fkey" FOREIGN KEY ("bouquet_id") REFERENCES "bouquet"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bouquet_category" ADD CONSTRAINT "bouquet_category_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "category"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "device_line_bouquet" ADD CONSTRAINT "device_line_bouquet_line_id_fkey" FOREIGN KEY ("line_id") REFERENCES "device_line"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "device_line_bouquet" ADD CONSTRAINT "device_line_bouquet_bouquet_id_fkey" FOREIGN KEY ("bouquet_id") REFERENCES "bouquet"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "provider_login" ADD CONSTRAINT "provider_login_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE CASCADE ON UPDATE CASCADE;
