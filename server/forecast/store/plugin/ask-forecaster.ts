import { announce } from '../../../kernel/bus.ts'
import { authorise, type Context } from '../../../kernel/context.ts'
import type { Forecaster } from '../../../kernel/generated/client.ts'
import { transact } from '../../../kernel/transact.ts'
import { modelVersion } from '../../engine.ts'
import { recordAfter } from '../../plugin/breaker.ts'
import { healthOf } from '../../plugin/health.ts'
import { ask } from './ask.ts'
import { questionFor } from './question.ts'

/** What a team's own forecaster said of one origin; it takes part only in the forecast of that origin and horizon. */
export type AnsweredForecaster = { name: string; origin: Date; horizon: number; quantiles: number[][] }

/**
 * Asks a workload's own forecaster about the newest closed step, if there is one to ask and something new to ask about.
 * Call it outside of any transaction: it waits for somebody else. Null whenever there is no usable answer; faults are
 * counted, and after several in a row it is left alone for a while.
 */
export async function askForecaster(ctx: Context, workloadId: string): Promise<AnsweredForecaster | null> {
  authorise(ctx, 'forecast.run')
  const row = await ctx.db.forecaster.findUnique({ where: { workloadId }, include: { workload: true } })
  if (row === null || !row.active) return null
  const now = ctx.clock.now()
  if (row.retryAt !== null && row.retryAt > now) return null
  const { workload, ...forecaster } = row
  const model = await ctx.db.modelState.findUnique({
    where: { workloadId_signal: { workloadId, signal: workload.demandSignal } },
    select: { horizon: true, trainedTo: true, modelVersion: true },
  })
  // A model that starts from history issues its first forecast on its own.
  if (model === null || model.modelVersion !== modelVersion) return null
  const { horizon } = model
  const question = await questionFor(ctx.db, workload, { horizon, windowSteps: row.windowSteps, now })
  const origin = question?.steps.at(-1)?.at
  if (question === null || origin === undefined || origin <= model.trainedTo) return null
  const outcome = await ask(ctx, forecaster, question)
  await record(ctx, forecaster, outcome.ok ? null : outcome.problem)
  return outcome.ok ? { name: row.name, origin, horizon, quantiles: outcome.quantiles } : null
}

/** Counts an answer or a fault, unless the forecaster was set anew meanwhile. Never stands in the way of our own forecast. */
async function record(ctx: Context, row: Forecaster, problem: string | null): Promise<void> {
  const now = ctx.clock.now()
  const after = { ...row, ...recordAfter(row, now, problem) }
  const { recent, consecutiveFaults, lastAnswerAt, failingSince, lastError, lastErrorAt, retryAt } = after
  const told = healthOf(row, now).state !== healthOf(after, now).state || problem !== row.lastError
  if (problem !== null)
    ctx.log.warn({ workloadId: row.workloadId, forecaster: row.name, problem }, 'forecaster')
  try {
    await transact(ctx, async (tx) => {
      await tx.forecaster.updateMany({
        where: { id: row.id, updatedAt: row.updatedAt },
        data: { recent, consecutiveFaults, lastAnswerAt, failingSince, lastError, lastErrorAt, retryAt },
      })
      if (told) await announce(tx, { topic: 'forecaster', id: row.workloadId })
    })
  } catch (error) {
    ctx.log.error({ workloadId: row.workloadId, err: error }, 'how a forecaster fares was not kept')
  }
}
