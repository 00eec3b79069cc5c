-- DropIndex
DROP INDEX "item_kind_sort_name_id_idx";

-- DropIndex
DROP INDEX "item_kind_added_at_id_idx";

-- DropIndex
DROP INDEX "source_category_id_item_id_idx";

-- AlterTable
ALTER TABLE "source" DROP COLUMN "seen_version",
ADD COLUMN     "match_key" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "missing_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "provider_playlist" (
    "provider_id" INTEGER NOT NULL,
    "sealed" TEXT NOT NULL,

    CONSTRAINT "provider_playlist_pkey" PRIMARY KEY ("provider_id")
);

-- CreateTable
CREATE TABLE "search_word" (
    "word" TEXT NOT NULL,

    CONSTRAINT "search_word_pkey" PRIMARY KEY ("word")
);

-- CreateIndex
CREATE INDEX "search_word_word_idx" ON "search_word" USING GIN ("word" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "item_owner_id_kind_sort_name_id_idx" ON "item"("owner_id", "kind", "sort_name", "id");

-- CreateIndex
CREATE INDEX "item_owner_id_kind_added_at_id_idx" ON "item"("owner_id", "kind", "added_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "source_category_id_position_id_idx" ON "source"("category_id", "position", "id");

-- CreateIndex
CREATE INDEX "source_provider_id_kind_position_id_idx" ON "source"("provider_id", "kind", "position", "id");

-- AddForeignKey
ALTER TABLE "provider_playlist" ADD CONSTRAINT "provider_playlist_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE CASCADE ON UPDATE CASCADE;
