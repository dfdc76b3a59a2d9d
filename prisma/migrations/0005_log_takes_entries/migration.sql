-- The log takes entries and nothing else: what the columns say must be what the canonical text says, or verification
-- would rightly call the log broken from then on.
CREATE OR REPLACE FUNCTION audit_append(
  p_at TIMESTAMPTZ, p_stage TEXT, p_action TEXT, p_subject TEXT, p_canonical TEXT
) RETURNS BIGINT
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  -- Postgres cannot read an escaped NUL, which a body may hold; for this look another character does in its place.
  entry JSONB := replace(p_canonical, '\u0000', '\ufffd')::jsonb;
  last_seq BIGINT;
  last_hash TEXT;
BEGIN
  IF (entry->>'format', entry->>'stage', entry->>'action', entry->>'subject', (entry->>'at')::timestamptz)
    IS DISTINCT FROM ('infrasage-audit/1', p_stage, p_action, p_subject, p_at)
    OR jsonb_typeof(entry->'actor') IS DISTINCT FROM 'object' OR entry->'body' IS NULL THEN
    RAISE EXCEPTION 'this is no entry of the log: its text and its columns differ' USING ERRCODE = 'check_violation';
  END IF;
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
