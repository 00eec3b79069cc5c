-- CreateTable
CREATE TABLE "guide_title" (
    "source_id" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "channels" INTEGER[],
    "starts" TIMESTAMPTZ[],

    CONSTRAINT "guide_title_pkey" PRIMARY KEY ("source_id","title")
);

-- CreateIndex
CREATE INDEX "guide_title_key_idx" ON "guide_title" USING GIN ("key" gin_trgm_ops);

-- AddForeignKey
ALTER TABLE "guide_title" ADD CONSTRAINT "guide_title_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "guide_source"("id") ON DELETE CASCADE ON UPDATE CASCADE;
