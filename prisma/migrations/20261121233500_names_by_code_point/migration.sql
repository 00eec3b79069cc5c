-- Folded names compare by code point: prefixes become index ranges, sorting needs no locale. Prisma cannot express this.
ALTER TABLE "item" ALTER COLUMN "sort_name" TYPE TEXT COLLATE "C";
ALTER TABLE "item" ALTER COLUMN "match_key" TYPE TEXT COLLATE "C";
ALTER TABLE "source" ALTER COLUMN "match_key" TYPE TEXT COLLATE "C";
