import { z } from 'zod'
import type { ForgettingTest } from '../../forecast/contract.ts'

export const baseModelStates = ['waiting', 'approved', 'rejected', 'expired', 'rolled_back'] as const
export type BaseModelStateName = (typeof baseModelStates)[number]
export type BaseDecisionKindName = 'approve' | 'reject' | 'expire' | 'rollback'

const reason = z.string().trim().min(3, 'say why in at least three characters').max(2_000)
/** The base that the person saw: another hash is another base. */
const seenBase = { id: z.uuid(), hash: z.string().regex(/^[0-9a-f]{64}$/) }

export const approveBaseInput = z.object({ ...seenBase, reason })
export const rejectBaseInput = z.object({ ...seenBase, reason })
export const rollBackBaseInput = z.object({ ...seenBase, reason })
export type ApproveBaseInput = z.infer<typeof approveBaseInput>
export type RejectBaseInput = z.infer<typeof rejectBaseInput>
export type RollBackBaseInput = z.infer<typeof rollBackBaseInput>

export type BaseDecisionRow = {
  kind: BaseDecisionKindName
  /** "Ann Operator (operator)" or "system: expiry" */
  who: string
  reason: string | null
  at: string
}

/** A base of the neural expert. The shipped one has no test, decision or date: it is part of the product. */
export type BaseModelRow = {
  /** Null for the shipped one. */
  id: string | null
  version: string
  parent: string | null
  state: BaseModelStateName | 'shipped'
  /** Whether forecasts are made with it now. */
  live: boolean
  hash: string
  trainedRows: number
  passed: boolean
  worst: ForgettingTest['worst']
  createdAt: string | null
  expiresAt: string | null
  decidedAt: string | null
}

export type BaseModelDetail = BaseModelRow & { test: ForgettingTest | null; decisions: BaseDecisionRow[] }

export type BaseModelList = {
  /** Newest first; the shipped one last. */
  rows: BaseModelRow[]
  /** Candidates that passed and wait for a person. */
  waiting: number
}
