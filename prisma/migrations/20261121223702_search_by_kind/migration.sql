-- DropIndex
DROP INDEX "item_sort_name_idx";

-- One trigram index a kind: a search for channels must not walk through 150,000 films that share a word.
CREATE INDEX "item_search_channel" ON "item" USING GIN ("sort_name" gin_trgm_ops) WHERE "kind" = 'channel';
CREATE INDEX "item_search_movie" ON "item" USING GIN ("sort_name" gin_trgm_ops) WHERE "kind" = 'movie';
CREATE INDEX "item_search_series" ON "item" USING GIN ("sort_name" gin_trgm_ops) WHERE "kind" = 'series';
CREATE INDEX "item_search_episode" ON "item" USING GIN ("sort_name" gin_trgm_ops) WHERE "kind" = 'episode';

-- Orders in which unknown values come last (catalogue/list-store.ts).
CREATE INDEX "item_rating" ON "item" ("owner_id", "kind", (coalesce("rating", -1)) DESC, "id" DESC) WHERE "kind" IN ('movie', 'series');
CREATE INDEX "item_year" ON "item" ("owner_id", "kind", (coalesce("year", 0)) DESC, "id" DESC) WHERE "kind" IN ('movie', 'series');
