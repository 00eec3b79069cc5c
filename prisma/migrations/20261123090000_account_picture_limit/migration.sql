ALTER TABLE "account" ADD COLUMN "max_height" INTEGER;
