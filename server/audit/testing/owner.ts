import { Client } from 'pg'

const switchGuards = (to: 'ENABLE' | 'DISABLE') =>
  ['AuditEntry', 'AuditCheckpoint', 'AuditNode']
    .map((table) => `ALTER TABLE "${table}" ${to} TRIGGER ALL`)
    .join('; ')

/** Runs SQL as the owner of the tables, with the triggers that guard the log switched off: what no grant can prevent. */
export async function tamper(ownerUrl: string, ...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(switchGuards('DISABLE'))
    for (const statement of statements) await client.query(statement)
    await client.query(switchGuards('ENABLE'))
  } finally {
    await client.end()
  }
}

/** Recomputes every link from an entry on, so that the chain is consistent again. */
export const rewriteFrom = (seq: number) => `
  DO $$
  DECLARE
    link RECORD;
    previous TEXT;
  BEGIN
    FOR link IN SELECT * FROM "AuditEntry" WHERE "seq" >= ${seq} ORDER BY "seq" LOOP
      SELECT coalesce((SELECT "hash" FROM "AuditEntry" WHERE "seq" = link."seq" - 1), repeat('0', 64)) INTO previous;
      UPDATE "AuditEntry" SET "prevHash" = previous, "hash" = encode(
        sha256(convert_to(previous || E'\\n' || link."seq"::text || E'\\n' || link."canonical", 'UTF8')), 'hex')
      WHERE "seq" = link."seq";
    END LOOP;
  END $$`
