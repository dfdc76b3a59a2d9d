import { authorise, type Context } from '../kernel/context.ts'
import { ForbiddenError, InvalidInputError } from '../kernel/errors.ts'
import { isSaga, type PlanContent, type PolicyResult } from '../plan/contract.ts'
import { refusals } from '../plan/index.ts'
import { bothWaivers } from './approval-rules/given.ts'
import type { Waiver } from './contract.ts'

type Judged = Pick<PlanContent, 'policyResults'>

/**
 * What refuses a plan, in words with its limits: hard bounds, and soft rules that nobody let pass; empty if it may be
 * carried out.
 */
export function brokenBounds({ policyResults }: Judged, waiver: Waiver | null): string[] {
  return refusals(policyResults)
    .filter((result) => !isWaived(result, waiver))
    .map((result) => result.message)
}

/** Whether nothing refuses a plan but that what is known is too old to take anything away by: that may pass by itself. */
export function waitsForTelemetry({ policyResults }: Judged, waiver: Waiver | null): boolean {
  const refused = refusals(policyResults).filter((result) => !isWaived(result, waiver))
  return refused.length > 0 && refused.every(({ rule }) => rule === 'telemetry-fresh')
}

function isWaived({ enforcement, name }: PolicyResult, waiver: Waiver | null): boolean {
  return enforcement === 'soft-mandatory' && name !== undefined && (waiver?.rules.includes(name) ?? false)
}

/**
 * Lets a person's plan through or throws. Returns the soft rules that the person lets pass, with the reason; null where
 * none is in the way. `before`: what others let pass who said yes to the same.
 * @throws InvalidInputError for a plan that a hard bound refuses, that asks for what there is already, or that soft rules
 *   refuse and no reason is given for. ForbiddenError for soft rules and somebody who may not let them pass.
 */
export function requireAllowed(
  ctx: Context,
  content: PlanContent,
  reason: string | undefined,
  before: Waiver | null = null,
): Waiver | null {
  const refused = refusals(content.policyResults).filter((result) => !isWaived(result, before))
  const hard = refused.filter(({ enforcement }) => enforcement === 'hard-mandatory')
  if (hard.length > 0) throw refusalOf(content, hard)
  if (content.actions.length === 0 && isSaga(content)) {
    throw new InvalidInputError('There is nothing to do: every target is at its set-point already.')
  }
  if (content.actions.length === 0) {
    const { targetName, desiredReplicas } = content.evidence.capacity
    throw new InvalidInputError(`There is nothing to do: ${targetName} is at ${desiredReplicas} already.`)
  }
  return bothWaivers(before, refused.length === 0 ? null : waive(ctx, content, refused, reason))
}

function waive(ctx: Context, content: PlanContent, soft: PolicyResult[], reason: string | undefined): Waiver {
  try {
    authorise(ctx, 'policy.waive')
  } catch (error) {
    if (!(error instanceof ForbiddenError)) throw error
    throw new ForbiddenError(
      `${refusalOf(content, soft).message} An admin may let a soft-mandatory rule pass, with a reason.`,
    )
  }
  if (reason === undefined) {
    throw new InvalidInputError(`${refusalOf(content, soft).message} Say why it may pass this once.`, [
      { path: 'waiver', message: 'is missing', expected: 'why the rule gives way' },
    ])
  }
  return { rules: [...new Set(soft.flatMap(({ name }) => name ?? []))], reason }
}

function refusalOf(content: PlanContent, refused: PolicyResult[]): InvalidInputError {
  const { compliance } = content
  const path = isSaga(content) ? 'setPoints' : 'toReplicas'
  const messages = refused.map(({ message }) => message)
  const nearest = compliance?.nearest?.label
  const instead = nearest === undefined ? '' : ` Nearest that complies: ${nearest}.`
  return new InvalidInputError(
    `Policy forbids this: ${messages.join(' ')}${instead}`,
    messages.map((message) => ({ path, message, ...(nearest ? { expected: nearest } : {}) })),
  )
}
