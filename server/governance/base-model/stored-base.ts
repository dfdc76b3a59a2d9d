import {
  type ForgettingTest,
  ForgettingTestSchema,
  SHIPPED_BASE,
  shippedBaseHash,
} from '../../forecast/index.ts'
import type { Prisma, Tx } from '../../kernel/db.ts'
import { ConflictError, NotFoundError } from '../../kernel/errors.ts'
import type { BaseModel } from '../../kernel/generated/client.ts'
import { storedActor } from '../stored.ts'
import { instant, whoIs } from '../words.ts'
import type { BaseDecisionKindName, BaseModelDetail, BaseModelRow } from './contract.ts'

export const baseInclude = {
  decisions: { orderBy: { at: 'asc' } },
} satisfies Prisma.BaseModelInclude
export type BaseWithDecisions = Prisma.BaseModelGetPayload<{ include: typeof baseInclude }>

/** Columns of a row of the list: all but the weights. */
export const baseRowFields = {
  id: true,
  number: true,
  version: true,
  parent: true,
  state: true,
  hash: true,
  trainedRows: true,
  test: true,
  passed: true,
  createdAt: true,
  expiresAt: true,
  decidedAt: true,
} satisfies Prisma.BaseModelSelect

const did: Record<BaseDecisionKindName, string> = {
  approve: 'approved',
  reject: 'rejected',
  expire: 'expired',
  rollback: 'rolled back',
}

/** Decisions on bases happen one after the other; held until the transaction ends. */
export async function lockBases(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('base-model', 0))`
}

/** The version that forecasts are made with now. */
export async function liveVersion(tx: Tx): Promise<string> {
  const live = await tx.baseModel.findFirst({
    where: { state: 'approved' },
    orderBy: { number: 'desc' },
    select: { version: true },
  })
  return live?.version ?? SHIPPED_BASE.version
}

/**
 * The base that a person decides on, with all bases locked, if it is in the state that they saw.
 * @throws NotFoundError, or ConflictError that says who was first
 */
export async function openBase(
  tx: Tx,
  seen: { id: string; hash: string },
  state: 'waiting' | 'approved',
): Promise<BaseModel> {
  await lockBases(tx)
  const base = await tx.baseModel.findUnique({ where: { id: seen.id }, include: baseInclude })
  if (base === null) throw new NotFoundError('base model', seen.id)
  if (base.hash !== seen.hash) throw new ConflictError(`${base.version} is not the base that you saw.`)
  if (base.state === state) return base
  const last = base.decisions.at(-1)
  throw new ConflictError(
    last === undefined
      ? `${base.version} still waits for a decision.`
      : `${whoIs(storedActor(last.actor))} ${did[last.kind]} ${base.version} at ${instant(last.at)}.`,
  )
}

export function baseRow(
  base: Pick<BaseModel, keyof typeof baseRowFields>,
  live: string,
): BaseModelRow & { test: ForgettingTest } {
  const test = ForgettingTestSchema.parse(base.test)
  return {
    ...{ id: base.id, version: base.version, parent: base.parent, state: base.state, hash: base.hash },
    live: base.version === live,
    trainedRows: base.trainedRows,
    passed: base.passed,
    worst: test.worst,
    createdAt: base.createdAt.toISOString(),
    expiresAt: base.expiresAt.toISOString(),
    decidedAt: base.decidedAt?.toISOString() ?? null,
    test,
  }
}

export function baseDetail(base: BaseWithDecisions, live: string): BaseModelDetail {
  const decisions = base.decisions.map(({ kind, actor, reason, at }) => ({
    ...{ kind, reason, at: at.toISOString() },
    who: whoIs(storedActor(actor)),
  }))
  return { ...baseRow(base, live), decisions }
}

/** The base that the product comes with, as a row beside the refitted ones. */
export function shippedRow(live: string): BaseModelRow {
  const { version, trainedRows } = SHIPPED_BASE
  return {
    ...{ id: null, version, parent: null, state: 'shipped', live: version === live, hash: shippedBaseHash },
    ...{ trainedRows, passed: true, worst: null, createdAt: null, expiresAt: null, decidedAt: null },
  }
}
