-- CreateEnum
CREATE TYPE "AuditWitnessKind" AS ENUM ('webhook', 'file', 's3');

-- CreateTable
CREATE TABLE "AuditWitness" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "AuditWitnessKind" NOT NULL,
    "encryptedConfig" TEXT NOT NULL,
    "destination" TEXT NOT NULL,
    "everySeconds" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lastError" TEXT,
    "heldSize" BIGINT,
    "heldAt" TIMESTAMPTZ(3),

    CONSTRAINT "AuditWitness_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SavedView" (
    "id" UUID NOT NULL,
    "userId" UUID NOT NULL,
    "page" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SavedView_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "AuditWitness_name_key" ON "AuditWitness"("name");

-- CreateIndex
CREATE UNIQUE INDEX "SavedView_userId_page_name_key" ON "SavedView"("userId", "page", "name");

GRANT SELECT, INSERT, UPDATE, DELETE ON "AuditWitness", "SavedView" TO infrasage_app;

-- What an entry is found by: its words, of a very long text those in the first 20 000 characters. Everything that is no letter
-- and no digit divides, so that a part of an address or of an id is a word too.
CREATE FUNCTION audit_words(canonical TEXT) RETURNS TSVECTOR
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 500 AS $$
  SELECT to_tsvector('pg_catalog.simple', translate(
    replace(left(canonical, 20000), '\n', ' '), '{}[]()",:;.=<>/\|!?*&%$#+-_~^`''@', repeat(' ', 40)
  ))
$$;

-- Who acted: the address of a person, or the part of the system. `canonical` has its keys in order, so that the actor stands
-- at its beginning, where no body can reach.
CREATE FUNCTION audit_actor(canonical TEXT) RETURNS TEXT
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 50 AS $$
  SELECT substring(canonical FROM '^\{"action":"(?:[^"\\]|\\.)*","actor":\{"(?:email|component)":"((?:[^"\\]|\\.)*)"')
$$;
GRANT EXECUTE ON FUNCTION audit_words(TEXT), audit_actor(TEXT) TO infrasage_app;

CREATE INDEX "AuditEntry_words_idx" ON "AuditEntry" USING gin (audit_words("canonical")) WITH (gin_pending_list_limit = 256);
CREATE INDEX "AuditEntry_actor_seq_idx" ON "AuditEntry" (audit_actor("canonical"), "seq");
