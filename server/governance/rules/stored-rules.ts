import { isDeepStrictEqual } from 'node:util'
import type { Prisma, Tx } from '../../kernel/db.ts'
import type { RuleDraft } from '../../kernel/generated/client.ts'
import { type Rule, type RuleSet, ruleList } from '../../plan/contract.ts'

/** The published rules in force; version 0 without rules before the first. */
export async function ruleSetInForce(tx: Tx): Promise<RuleSet> {
  const row = await tx.ruleSet.findFirst({ orderBy: { version: 'desc' } })
  return row ? { version: row.version, rules: storedRules(row.rules) } : { version: 0, rules: [] }
}

export async function newestDraft(tx: Tx): Promise<RuleDraft | null> {
  return tx.ruleDraft.findFirst({ orderBy: { number: 'desc' } })
}

/** One who changes drafts or publishes goes after another. */
export async function lockRules(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('rule-set', 0))`
}

/** Nobody publishes until the transaction ends; those who only read do not wait for each other. */
export async function holdRules(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtextextended('rule-set', 0))`
}

export function storedRules(value: Prisma.JsonValue): Rule[] {
  return ruleList.parse(value)
}

export function sameRules(a: readonly Rule[], b: readonly Rule[]): boolean {
  return isDeepStrictEqual(a, b)
}
