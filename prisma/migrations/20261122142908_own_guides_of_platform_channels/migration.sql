-- CreateTable
CREATE TABLE "guide_own_match" (
    "account_id" UUID NOT NULL,
    "item_id" INTEGER NOT NULL,
    "channel_id" INTEGER NOT NULL,

    CONSTRAINT "guide_own_match_pkey" PRIMARY KEY ("account_id","item_id")
);

-- CreateIndex
CREATE INDEX "guide_own_match_item_id_idx" ON "guide_own_match"("item_id");

-- CreateIndex
CREATE INDEX "guide_own_match_channel_id_idx" ON "guide_own_match"("channel_id");

-- AddForeignKey
ALTER TABLE "guide_own_match" ADD CONSTRAINT "guide_own_match_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "guide_own_match" ADD CONSTRAINT "guide_own_match_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "guide_own_match" ADD CONSTRAINT "guide_own_match_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "guide_channel"("id") ON DELETE CASCADE ON UPDATE CASCADE;
