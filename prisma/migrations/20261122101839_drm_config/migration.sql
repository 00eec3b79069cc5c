-- CreateTable
CREATE TABLE "drm_config" (
    "item_id" INTEGER NOT NULL,
    "secret" TEXT NOT NULL,
    "packaged" BOOLEAN NOT NULL DEFAULT false,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "drm_config_pkey" PRIMARY KEY ("item_id")
);

-- AddForeignKey
ALTER TABLE "drm_config" ADD CONSTRAINT "drm_config_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE CASCADE ON UPDATE CASCADE;
