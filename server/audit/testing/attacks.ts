import { rewriteFrom } from './owner.ts'

/** What a superuser does to the log. `touches`: the first entry that is not as it was; null where it is no entry. */
export type Attack = { kind: string; what: string; touches: number | null; sql: string[] }

type Random = () => number

/** A change of the text that keeps it canonical JSON and its columns true: only a hash can tell. */
const forged = (seq: number) =>
  `UPDATE "AuditEntry" SET "canonical" = replace("canonical", '"requestId":"', '"requestId":"f') WHERE "seq" = ${seq}`

/** The entry's own hash made to fit its text. */
const fitted = (seq: number) => `
  UPDATE "AuditEntry" SET "hash" = encode(sha256(convert_to("prevHash" || E'\\n' || "seq"::text || E'\\n' || "canonical", 'UTF8')), 'hex')
  WHERE "seq" = ${seq}`

/** Closes the hole that deleted entries leave. */
const renumber = (from: number, by: number) => `
  UPDATE "AuditEntry" SET "seq" = -"seq" WHERE "seq" >= ${from};
  UPDATE "AuditEntry" SET "seq" = -"seq" - ${by} WHERE "seq" < 0`

const swap = (a: number, b: number) => `
  UPDATE "AuditEntry" SET "seq" = CASE "seq" WHEN ${a} THEN -${b} ELSE -${a} END WHERE "seq" IN (${a}, ${b});
  UPDATE "AuditEntry" SET "seq" = -"seq" WHERE "seq" < 0`

const withoutSeals = 'DELETE FROM "AuditCheckpoint"; DELETE FROM "AuditNode"'

const edits: Record<string, (seq: number) => string> = {
  'the text': forged,
  'the time': (seq) => `UPDATE "AuditEntry" SET "at" = "at" - interval '1 day' WHERE "seq" = ${seq}`,
  'the stage': (seq) => `UPDATE "AuditEntry" SET "stage" = 'cellar' WHERE "seq" = ${seq}`,
  'the action': (seq) => `UPDATE "AuditEntry" SET "action" = "action" || '.not' WHERE "seq" = ${seq}`,
  'the subject': (seq) => `UPDATE "AuditEntry" SET "subject" = 'user/somebody' WHERE "seq" = ${seq}`,
  'the link': (seq) => `UPDATE "AuditEntry" SET "prevHash" = md5("prevHash") WHERE "seq" = ${seq}`,
  'the hash': (seq) => `UPDATE "AuditEntry" SET "hash" = md5("hash") WHERE "seq" = ${seq}`,
  'the text and its hash': (seq) => `${forged(seq)}; ${fitted(seq)}`,
  'the number': (seq) => `UPDATE "AuditEntry" SET "seq" = "seq" + 1000000 WHERE "seq" = ${seq}`,
}

/** One attack on a log of `size` entries that are all sealed, drawn from the seeded `random`. */
export function drawAttack(size: number, random: Random): Attack {
  const upTo = (n: number) => 1 + Math.floor(random() * n)
  const chance = () => random() < 0.5
  const seq = upTo(size - 1)
  const kinds: (() => Attack)[] = [
    () => {
      const names = Object.keys(edits)
      const column = names[upTo(names.length) - 1] ?? 'the text'
      return attack('edit', `${column} of entry ${seq}`, seq, [edits[column]?.(seq) ?? forged(seq)])
    },
    () => {
      const count = upTo(Math.min(5, size - seq))
      const gone = `DELETE FROM "AuditEntry" WHERE "seq" BETWEEN ${seq} AND ${seq + count - 1}`
      const closed = chance() ? [renumber(seq + count, count), ...(chance() ? [rewriteFrom(seq)] : [])] : []
      return attack('deletion', `${count} from entry ${seq} on`, seq, [gone, ...closed])
    },
    () => {
      const other = seq + upTo(size - seq)
      const linked = chance() ? [rewriteFrom(seq)] : []
      return attack('reordering', `entries ${seq} and ${other}`, seq, [swap(seq, other), ...linked])
    },
    () => {
      const seals = chance() ? [withoutSeals] : []
      const cut = `DELETE FROM "AuditEntry" WHERE "seq" > ${seq}`
      return attack('tail cut', `after entry ${seq}`, seq + 1, [cut, ...seals])
    },
    () => {
      const seals = chance() ? [withoutSeals] : []
      return attack('rewrite', `from entry ${seq} on`, seq, [forged(seq), rewriteFrom(seq), ...seals])
    },
    () => {
      const copy = `
        UPDATE "AuditEntry" SET "seq" = -"seq" WHERE "seq" >= ${seq};
        UPDATE "AuditEntry" SET "seq" = -"seq" + 1 WHERE "seq" < 0;
        INSERT INTO "AuditEntry" SELECT ${seq}, "at", "stage", "action", "subject", "canonical", "prevHash", 'new'
        FROM "AuditEntry" WHERE "seq" = ${seq + 1}`
      return attack('insertion', `before entry ${seq}`, seq, [copy, rewriteFrom(seq)])
    },
    () => {
      const change = chance() ? `"at" = "at" - interval '1 day'` : `"headHash" = md5("headHash")`
      return attack('checkpoint', 'edited', null, [`UPDATE "AuditCheckpoint" SET ${change}`])
    },
  ]
  const drawn = kinds[Math.floor(random() * kinds.length)]
  if (!drawn) throw new Error('there is an attack for every number')
  return drawn()
}

function attack(kind: string, what: string, touches: number | null, sql: string[]): Attack {
  return { kind, what, touches, sql }
}
