import { Prisma, type Tx } from '../../kernel/db.ts'
import type { ApprovalDraft } from '../../kernel/generated/client.ts'
import { type Reading, read, reading } from '../../kernel/reading.ts'
import { type ApprovalPolicy, type ApprovalPolicyInForce, approvalPolicy } from './contract.ts'

/** What holds before anything is published: one approver, nothing automatic, what nobody decides expires. */
export const firstPolicy: ApprovalPolicyInForce = { ...approvalPolicy.parse({}), version: 0 }

/** The published rules of approval in force. */
export const approvalsInForce: Reading<ApprovalPolicyInForce> = reading(
  Prisma.sql`
    SELECT json_build_object('version', v."version", 'policy', v."policy") FROM "ApprovalVersion" v
    ORDER BY v."version" DESC LIMIT 1`,
  (row: { version: number; policy: Prisma.JsonValue } | null) =>
    row === null ? firstPolicy : { ...storedApprovalPolicy(row.policy), version: row.version },
)

export async function approvalPolicyInForce(tx: Tx): Promise<ApprovalPolicyInForce> {
  return read(tx, approvalsInForce)
}

export async function newestApprovalDraft(tx: Tx): Promise<ApprovalDraft | null> {
  return tx.approvalDraft.findFirst({ orderBy: { number: 'desc' } })
}

/** One who changes drafts or publishes goes after another. */
export async function lockApprovalPolicy(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('approval-policy', 0))`
}

export function storedApprovalPolicy(value: Prisma.JsonValue): ApprovalPolicy {
  return approvalPolicy.parse(value)
}
