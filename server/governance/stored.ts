import { z } from 'zod'
import type { Actor } from '../kernel/context.ts'
import type { Prisma } from '../kernel/db.ts'
import type { Decision } from '../kernel/generated/client.ts'
import { type AsJson, rowOf } from '../kernel/reading.ts'
import { actionKinds, type PlanContent } from '../plan/contract.ts'
import { rehearsedAction } from './contract/rehearsal.ts'
import type { ApprovalBinding, ApprovalRecord, Difference, RehearsedAction, Waiver } from './contract.ts'

// What this stage wrote as JSON comes back here, and nowhere else, as what it was written as. The outline is checked,
// so that a row of another making fails with its name instead of far away.

const contentOutline = z.looseObject({
  actions: z.array(z.looseObject({ kind: z.enum(actionKinds), toReplicas: z.number() })),
  effect: z.looseObject({ replicas: z.number() }),
  evidence: z.looseObject({ policy: z.looseObject({ version: z.number() }) }),
})
const bindingOutline = z.looseObject({ format: z.enum(['infrasage-approval/1', 'infrasage-approval/2']) })
const actorOutline = z.looseObject({ kind: z.enum(['user', 'api_key', 'rule', 'system', 'anonymous']) })
const waiverOutline = z.looseObject({ rules: z.array(z.string()), reason: z.string() })
const approvalOutline = z.looseObject({
  policyVersion: z.number(),
  clauses: z.array(z.looseObject({ approvers: z.number() })),
  given: z.array(z.looseObject({ userId: z.string(), groups: z.array(z.string()) })),
})
const differenceOutline = z.array(z.looseObject({ field: z.string() }))

/** The plan of a proposal, or what a person saw or sent, as stored. */
export function storedContent(value: Prisma.JsonValue): PlanContent {
  return checked<PlanContent>(contentOutline, value, 'plan')
}

export function storedBinding(value: Prisma.JsonValue): ApprovalBinding {
  return checked<ApprovalBinding>(bindingOutline, value, 'binding')
}

export function storedActor(value: Prisma.JsonValue): Actor {
  return checked<Actor>(actorOutline, value, 'actor')
}

export function storedDifference(value: Prisma.JsonValue): Difference {
  return checked<Difference>(differenceOutline, value, 'difference')
}

export function storedWaiver(value: Prisma.JsonValue): Waiver {
  return checked<Waiver>(waiverOutline, value, 'waiver')
}

export function storedRehearsal(value: Prisma.JsonValue): RehearsedAction[] {
  return rehearsedAction.array().parse(value)
}

export function storedApproval(value: Prisma.JsonValue): ApprovalRecord {
  return checked<ApprovalRecord>(approvalOutline, value, 'approval')
}

/** A decision that was read as JSON. */
export function storedDecision(row: AsJson<Decision>): Decision {
  return rowOf<Decision>(row, { notBefore: true, notAfter: true, usedAt: true, at: true })
}

function checked<T>(outline: z.ZodType, value: Prisma.JsonValue, what: string): T {
  const result = outline.safeParse(value)
  if (!result.success) throw new Error(`A stored ${what} has another shape: ${z.prettifyError(result.error)}`)
  return value as unknown as T
}
