import type { Prisma, Tx } from '../../kernel/db.ts'
import type { ApprovalDraft } from '../../kernel/generated/client.ts'
import { type ApprovalPolicy, type ApprovalPolicyInForce, approvalPolicy } from './contract.ts'

/** What holds before anything is published: one approver, nothing automatic, what nobody decides expires. */
export const firstPolicy: ApprovalPolicyInForce = { ...approvalPolicy.parse({}), version: 0 }

/** The published rules of approval in force. */
export async function approvalPolicyInForce(tx: Tx): Promise<ApprovalPolicyInForce> {
  const row = await tx.approvalVersion.findFirst({ orderBy: { version: 'desc' } })
  return row ? { ...storedApprovalPolicy(row.policy), version: row.version } : firstPolicy
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
