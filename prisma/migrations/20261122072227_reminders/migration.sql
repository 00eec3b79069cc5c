-- CreateEnum
CREATE TYPE "ReminderKind" AS ENUM ('programme', 'series', 'search');

-- CreateEnum
CREATE TYPE "DeliveryState" AS ENUM ('waiting', 'claimed', 'sent', 'failed');

-- CreateTable
CREATE TABLE "reminder" (
    "id" SERIAL NOT NULL,
    "profile_id" UUID NOT NULL,
    "kind" "ReminderKind" NOT NULL,
    "item_id" INTEGER,
    "title" TEXT NOT NULL,
    "identity" TEXT NOT NULL,
    "start" TIMESTAMPTZ(3),
    "stop" TIMESTAMPTZ(3),
    "episode" TEXT,
    "minutes" INTEGER NOT NULL DEFAULT 5,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reminder_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reminder_airing" (
    "id" SERIAL NOT NULL,
    "reminder_id" INTEGER NOT NULL,
    "item_id" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "sub_title" TEXT,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "stop" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "fired_at" TIMESTAMPTZ(3),
    "round" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "reminder_airing_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification" (
    "id" SERIAL NOT NULL,
    "profile_id" UUID NOT NULL,
    "airing_id" INTEGER,
    "round" INTEGER NOT NULL DEFAULT 0,
    "item_id" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "sub_title" TEXT,
    "channel" TEXT NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "stop" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "id" SERIAL NOT NULL,
    "notification_id" INTEGER NOT NULL,
    "target" TEXT NOT NULL,
    "subscription_id" INTEGER,
    "state" "DeliveryState" NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "problem" TEXT,

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "push_subscription" (
    "id" SERIAL NOT NULL,
    "account_id" UUID NOT NULL,
    "profile_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "endpoint_hash" BYTEA NOT NULL,
    "secret" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "push_subscription_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification_setting" (
    "id" SERIAL NOT NULL,
    "profile_id" UUID NOT NULL,
    "mail" BOOLEAN NOT NULL DEFAULT false,
    "zone" TEXT NOT NULL DEFAULT 'UTC',
    "calendar_hash" BYTEA,
    "calendar_secret" TEXT,

    CONSTRAINT "notification_setting_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "reminder_item_id_idx" ON "reminder"("item_id");

-- CreateIndex
CREATE UNIQUE INDEX "reminder_profile_id_identity_key" ON "reminder"("profile_id", "identity");

-- CreateIndex
CREATE INDEX "reminder_airing_item_id_idx" ON "reminder_airing"("item_id");

-- CreateIndex
CREATE UNIQUE INDEX "reminder_airing_reminder_id_key_key" ON "reminder_airing"("reminder_id", "key");

-- CreateIndex
CREATE INDEX "notification_profile_id_id_idx" ON "notification"("profile_id", "id" DESC);

-- CreateIndex
CREATE INDEX "notification_item_id_idx" ON "notification"("item_id");

-- CreateIndex
CREATE UNIQUE INDEX "notification_airing_id_round_key" ON "notification"("airing_id", "round");

-- CreateIndex
CREATE INDEX "delivery_subscription_id_idx" ON "delivery"("subscription_id");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_notification_id_target_key" ON "delivery"("notification_id", "target");

-- CreateIndex
CREATE UNIQUE INDEX "push_subscription_session_id_key" ON "push_subscription"("session_id");

-- CreateIndex
CREATE UNIQUE INDEX "push_subscription_endpoint_hash_key" ON "push_subscription"("endpoint_hash");

-- CreateIndex
CREATE INDEX "push_subscription_account_id_idx" ON "push_subscription"("account_id");

-- CreateIndex
CREATE INDEX "push_subscription_profile_id_idx" ON "push_subscription"("profile_id");

-- CreateIndex
CREATE UNIQUE INDEX "notification_setting_profile_id_key" ON "notification_setting"("profile_id");

-- CreateIndex
CREATE UNIQUE INDEX "notification_setting_calendar_hash_key" ON "notification_setting"("calendar_hash");

-- AddForeignKey
ALTER TABLE "reminder" ADD CONSTRAINT "reminder_profile_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "profile"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reminder" ADD CONSTRAINT "reminder_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reminder_airing" ADD CONSTRAINT "reminder_airing_reminder_id_fkey" FOREIGN KEY ("reminder_id") REFERENCES "reminder"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reminder_airing" ADD CONSTRAINT "reminder_airing_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_profile_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "profile"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_airing_id_fkey" FOREIGN KEY ("airing_id") REFERENCES "reminder_airing"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_notification_id_fkey" FOREIGN KEY ("notification_id") REFERENCES "notification"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_subscription_id_fkey" FOREIGN KEY ("subscription_id") REFERENCES "push_subscription"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "push_subscription" ADD CONSTRAINT "push_subscription_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "push_subscription" ADD CONSTRAINT "push_subscription_profile_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "profile"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "push_subscription" ADD CONSTRAINT "push_subscription_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification_setting" ADD CONSTRAINT "notification_setting_profile_id_fkey" FOREIGN KEY ("profile_id") REFERENCES "profile"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Partial indexes, which the schema cannot say: the few rows that are still to be done.
CREATE INDEX "reminder_airing_due" ON "reminder_airing" ("due_at") WHERE "fired_at" IS NULL;
CREATE INDEX "delivery_open" ON "delivery" ("next_at", "id") WHERE "state" IN ('waiting', 'claimed');
