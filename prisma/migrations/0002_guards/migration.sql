-- What Prisma's schema language cannot say: partitions, the append-only log, and what the application's role may do.

-- ── Samples by week ─────────────────────────────────────────────────────────
-- Partitions live in a schema of their own, out of sight of schema comparison.

DROP TABLE "Sample";
CREATE TABLE "Sample" (
  "seriesId" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "value" DOUBLE PRECISION NOT NULL,
  CONSTRAINT "Sample_pkey" PRIMARY KEY ("seriesId", "at")
) PARTITION BY RANGE ("at");

CREATE SCHEMA partitions;

-- Makes the partition of the week that holds the instant, if it is not there yet.
CREATE FUNCTION ensure_sample_partition(instant TIMESTAMPTZ) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  week TIMESTAMPTZ := date_trunc('week', instant AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
  partition_name TEXT := 'sample_' || to_char(week AT TIME ZONE 'UTC', 'YYYYMMDD');
BEGIN
  IF to_regclass('partitions.' || quote_ident(partition_name)) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('infrasage.sample_partition'));
  IF to_regclass('partitions.' || quote_ident(partition_name)) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format(
    'CREATE TABLE partitions.%I PARTITION OF public."Sample" FOR VALUES FROM (%L) TO (%L)',
    partition_name, week, week + INTERVAL '7 days'
  );
END $$;

-- Drops whole weeks that ended before the instant; returns how many.
CREATE FUNCTION drop_sample_partitions_before(instant TIMESTAMPTZ) RETURNS INTEGER
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  victim RECORD;
  dropped INTEGER := 0;
BEGIN
  FOR victim IN
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'partitions' AND c.relname ~ '^sample_[0-9]{8}$'
      AND (to_date(right(c.relname, 8), 'YYYYMMDD') + 7)::timestamp AT TIME ZONE 'UTC' <= instant
  LOOP
    EXECUTE format('DROP TABLE partitions.%I', victim.relname);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$;

-- ── The log: one door in, no way back ───────────────────────────────────────

-- A temporary table must not stand in for the log, so every function here searches pg_temp last.
-- Appends one entry to the chain. hash = SHA-256 over prevHash, seq and the canonical text, one per line.
CREATE FUNCTION audit_append(
  p_at TIMESTAMPTZ, p_stage TEXT, p_action TEXT, p_subject TEXT, p_canonical TEXT
) RETURNS BIGINT
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  last_seq BIGINT;
  last_hash TEXT;
BEGIN
  -- A snapshot older than the lock would not see the newest link.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'audit_append needs READ COMMITTED';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('infrasage.audit'));
  SELECT "seq", "hash" INTO last_seq, last_hash FROM "AuditEntry" ORDER BY "seq" DESC LIMIT 1;
  last_seq := coalesce(last_seq, 0);
  last_hash := coalesce(last_hash, repeat('0', 64));
  INSERT INTO "AuditEntry" ("seq", "at", "stage", "action", "subject", "canonical", "prevHash", "hash")
  VALUES (
    last_seq + 1, p_at, p_stage, p_action, p_subject, p_canonical, last_hash,
    encode(sha256(convert_to(last_hash || E'\n' || (last_seq + 1)::text || E'\n' || p_canonical, 'UTF8')), 'hex')
  );
  RETURN last_seq + 1;
END $$;

CREATE FUNCTION refuse_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on "%" is refused: it is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "AuditEntry"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "AuditCheckpoint"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "WorkloadPolicy"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "Receipt"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON "Decision"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- An approval is used once: "usedAt" goes from null to an instant, and nothing else of a decision ever changes.
CREATE FUNCTION refuse_second_use() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."usedAt" IS NOT NULL OR NEW."usedAt" IS NULL
     OR (to_jsonb(OLD) - 'usedAt') IS DISTINCT FROM (to_jsonb(NEW) - 'usedAt') THEN
    RAISE EXCEPTION 'UPDATE on "Decision" is refused: only "usedAt" may be set, and only once'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER used_once BEFORE UPDATE ON "Decision" FOR EACH ROW EXECUTE FUNCTION refuse_second_use();

-- ── What the application's role may do ──────────────────────────────────────

REVOKE ALL ON FUNCTION audit_append(TIMESTAMPTZ, TEXT, TEXT, TEXT, TEXT) FROM PUBLIC;
REVOKE ALL ON FUNCTION ensure_sample_partition(TIMESTAMPTZ) FROM PUBLIC;
REVOKE ALL ON FUNCTION drop_sample_partitions_before(TIMESTAMPTZ) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_append(TIMESTAMPTZ, TEXT, TEXT, TEXT, TEXT) TO infrasage_app;
GRANT EXECUTE ON FUNCTION ensure_sample_partition(TIMESTAMPTZ) TO infrasage_app;
GRANT EXECUTE ON FUNCTION drop_sample_partitions_before(TIMESTAMPTZ) TO infrasage_app;

GRANT USAGE ON SCHEMA public TO infrasage_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO infrasage_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  "User", "ApiKey", "Workload", "SignalMapping", "Series", "Sample", "Rollup", "Domain", "Offering", "Pool",
  "ModelState", "Forecast", "Connection", "Target" TO infrasage_app;
GRANT SELECT, INSERT, UPDATE ON "Proposal", "Dispatch" TO infrasage_app;
GRANT SELECT, INSERT ON "WorkloadPolicy", "Receipt", "AuditCheckpoint" TO infrasage_app;
GRANT SELECT, INSERT, UPDATE ("usedAt") ON "Decision" TO infrasage_app;
GRANT SELECT ON "AuditEntry" TO infrasage_app;

-- The job queue keeps its own tables, and the application's role keeps the job queue.
CREATE SCHEMA IF NOT EXISTS pgboss AUTHORIZATION infrasage_app;
