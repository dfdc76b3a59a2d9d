-- Checkpoints become signed tree heads: the root of a Merkle tree (RFC 6962) over the entries. Those of before have none.
-- AlterTable
ALTER TABLE "AuditCheckpoint" ADD COLUMN     "rootHash" TEXT;

-- CreateTable
CREATE TABLE "AuditNode" (
    "level" INTEGER NOT NULL,
    "index" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "AuditNode_pkey" PRIMARY KEY ("level","index")
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "AuditNode"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON "AuditNode" TO infrasage_app;
