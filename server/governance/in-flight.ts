import type { Context } from '../kernel/context.ts'
import { Prisma, type Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import type { Decision, DispatchState, Proposal } from '../kernel/generated/client.ts'
import { type Reading, read, reading } from '../kernel/reading.ts'

const unfinished = ['pending', 'dispatching', 'unknown', 'rolling_back'] as const satisfies DispatchState[]
/** Until all of it is verified it may be taken back. */
export const notVerified = [...unfinished, 'applied'] as const satisfies DispatchState[]

/**
 * Approvals on their way to a target, as the table `way`: each decision with the reach of its proposal, and its dispatch where there is one.
 * `still`: states of a dispatch in which it counts. Found by what is not finished, never by what was ever approved: an approval is used up
 * with its dispatch, so that without one it is unused. `OFFSET 0`: a condition on the reach is looked at last, since any workload's past is long,
 * and each decision and its proposal are looked up by their keys, once, however many are on their way.
 */
export function onItsWay(now: Date, still: readonly DispatchState[]): Prisma.Sql {
  return Prisma.sql`(
    SELECT decided."binding", decided."number", decided."proposalId", decided."usedAt", begun."dispatchId", decided."proposalNumber",
      decided."touchedWorkloadIds", decided."touchedTargetIds"
    FROM (
      SELECT x."decisionId", x."id" AS "dispatchId" FROM "Dispatch" x WHERE ${isIn(still)}
      UNION ALL
      SELECT u."id", NULL FROM "Decision" u WHERE u."usedAt" IS NULL AND u."kind" IN ('approve', 'override')
        AND (SELECT x."id" FROM "Dispatch" x WHERE x."decisionId" = u."id") IS NULL
    ) AS begun CROSS JOIN LATERAL (
      SELECT d."binding", d."number", d."proposalId", d."usedAt", p."number" AS "proposalNumber", p."touchedWorkloadIds",
        p."touchedTargetIds"
      FROM "Decision" d CROSS JOIN LATERAL (
        SELECT q."number", q."state", q."touchedWorkloadIds", q."touchedTargetIds" FROM "Proposal" q
        WHERE q."id" = d."proposalId" OFFSET 0) AS p
      WHERE d."id" = begun."decisionId" AND ${mayBeCarriedOut(now)}
      OFFSET 0) AS decided
    OFFSET 0) AS way`
}

/**
 * Whether the decision `d` of the proposal `p` gives leave to act now, whatever became of its dispatch. What is approved for a window that
 * has not begun does not: it binds what it was approved on, and is void if that moves.
 */
function mayBeCarriedOut(now: Date): Prisma.Sql {
  return Prisma.sql`d."kind" IN ('approve', 'override') AND p."state" = 'approved'
    AND NOT (d."usedAt" IS NULL AND d."notAfter" IS NOT NULL AND coalesce(d."notBefore" > ${now}::timestamptz, false))`
}

// Spelled out, so that a plan for any values takes the index of what is not finished.
const isIn = (states: readonly DispatchState[]) =>
  Prisma.raw(`x."state" IN (${states.map((state) => `'${state}'`).join(', ')})`)

/** What a plan would change, and why. */
export type Reach = Pick<Proposal, 'purpose' | 'touchedWorkloadIds' | 'touchedTargetIds'>

/**
 * The approval that is on its way to a target and that a plan of this reach has to wait for, by the number of its proposal: whose
 * effect on a workload that both touch is not known yet. A job that does harm is stopped meanwhile, unless the same target is being
 * written.
 */
export function inFlightWith(reach: Reach, now: Date): Reading<number | null> {
  const shared =
    reach.purpose === 'stop-harm'
      ? Prisma.sql`way."touchedTargetIds" && ${reach.touchedTargetIds}::uuid[]`
      : Prisma.sql`way."touchedWorkloadIds" && ${reach.touchedWorkloadIds}::uuid[]`
  return reading(Prisma.sql`
    SELECT to_json(way."proposalNumber") FROM ${onItsWay(now, unfinished)} WHERE ${shared}
    ORDER BY way."number" DESC LIMIT 1`)
}

/**
 * The number of a proposal that was approved later about one of the same targets and may be carried out now as well, or was begun
 * while this worker read the target; null if there is none. Of two that were approved on the same version only one can be written,
 * and that is to be the last word. Only approvals for a window stand beside others: what has none is on its way at once, and nothing
 * is approved beside it. A range with two ends, because a plan for any values takes one without an end for a third of the table.
 */
export function passedBy(
  { number, notAfter }: Pick<Decision, 'number' | 'notAfter'>,
  { id, touchedTargetIds }: Pick<Proposal, 'id' | 'touchedTargetIds'>,
  now: Date,
): Reading<number | null> {
  return reading(Prisma.sql`
    SELECT to_json(p."number") FROM "Decision" d JOIN "Proposal" p ON p."id" = d."proposalId"
    LEFT JOIN "Dispatch" x ON x."decisionId" = d."id"
    WHERE ${notAfter !== null}::boolean
      AND d."number" > ${number} AND d."number" <= (SELECT max("number") FROM "Decision")
      AND p."id" <> ${id}::uuid AND p."touchedTargetIds" && ${touchedTargetIds}::uuid[]
      AND (d."usedAt" IS NOT NULL OR ((x."id" IS NULL OR ${isIn(unfinished)}) AND ${mayBeCarriedOut(now)}))
    ORDER BY d."number" DESC LIMIT 1`)
}

export async function approvalInFlight(
  tx: Tx,
  { clock }: Pick<Context, 'clock'>,
  reach: Reach,
): Promise<{ proposalNumber: number } | null> {
  const proposalNumber = await read(tx, inFlightWith(reach, clock.now()))
  return proposalNumber === null ? null : { proposalNumber }
}

/** @throws ConflictError that names what is being carried out */
export function refuseWhileInFlight(proposalNumber: number | null): void {
  if (proposalNumber === null) return
  throw new ConflictError(
    `#${proposalNumber} is being carried out on the same workload; decide when that is done.`,
  )
}
