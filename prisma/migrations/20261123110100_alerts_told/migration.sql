-- CreateEnum
CREATE TYPE "NotificationKind" AS ENUM ('reminder', 'alert_began', 'alert_ended');

-- AlterTable
ALTER TABLE "notification" ADD COLUMN     "kind" "NotificationKind" NOT NULL DEFAULT 'reminder',
ADD COLUMN     "others" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "quality_alert" ADD COLUMN     "end_told_at" TIMESTAMPTZ(3),
ADD COLUMN     "told_at" TIMESTAMPTZ(3);

-- Two workers that looked at the same moment may have opened two.
UPDATE "quality_alert" a SET "ended_at" = now() WHERE a."ended_at" IS NULL
  AND EXISTS (SELECT 1 FROM "quality_alert" b WHERE b."item_id" = a."item_id" AND b."ended_at" IS NULL AND b."id" < a."id");

-- Prisma cannot say that an index is partial.
CREATE UNIQUE INDEX "quality_alert_open" ON "quality_alert"("item_id") WHERE "ended_at" IS NULL;
