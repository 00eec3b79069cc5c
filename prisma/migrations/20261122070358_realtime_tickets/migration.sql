-- CreateTable
CREATE TABLE "realtime_ticket" (
    "token_hash" BYTEA NOT NULL,
    "account_id" UUID NOT NULL,
    "profile_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "realtime_ticket_pkey" PRIMARY KEY ("token_hash")
);

-- CreateIndex
CREATE INDEX "realtime_ticket_expires_at_idx" ON "realtime_ticket"("expires_at");
