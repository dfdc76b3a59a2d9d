import { isDeepStrictEqual } from 'node:util'
import { Prisma, type Tx } from '../../kernel/db.ts'
import type { RuleDraft } from '../../kernel/generated/client.ts'
import { type Reading, read, reading } from '../../kernel/reading.ts'
import { type Rule, type RuleSet, ruleList } from '../../plan/contract.ts'

/** The published rules in force; version 0 without rules before the first. */
export const rulesInForce: Reading<RuleSet> = reading(
  Prisma.sql`
    SELECT json_build_object('version', r."version", 'rules', r."rules") FROM "RuleSet" r
    ORDER BY r."version" DESC LIMIT 1`,
  (row: { version: number; rules: Prisma.JsonValue } | null) =>
    row === null ? { version: 0, rules: [] } : { version: row.version, rules: storedRules(row.rules) },
)

export async function ruleSetInForce(tx: Tx): Promise<RuleSet> {
  return read(tx, rulesInForce)
}

export async function newestDraft(tx: Tx): Promise<RuleDraft | null> {
  return tx.ruleDraft.findFirst({ orderBy: { number: 'desc' } })
}

export function storedRules(value: Prisma.JsonValue): Rule[] {
  return ruleList.parse(value)
}

export function sameRules(a: readonly Rule[], b: readonly Rule[]): boolean {
  return isDeepStrictEqual(a, b)
}
