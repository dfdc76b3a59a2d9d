import { authorise, type Verb } from '../../../kernel/context.ts'
import { ConflictError, NotFoundError } from '../../../kernel/errors.ts'
import { parseInput } from '../../../kernel/parse.ts'
import { type ForecasterTrial, type OfForecasterInput, ofForecasterInput } from '../../plugin/contract.ts'
import { ask } from './ask.ts'
import { questionFor } from './question.ts'

/** Leads that are asked for while the workload has no model yet. */
const firstHorizon = 60

/**
 * Calls a workload's own forecaster once, with what would be sent now, and says in words what came of it. Nothing of
 * it enters a forecast, and a fault is not counted.
 * @throws NotFoundError without a forecaster, ConflictError while there is nothing to send
 */
export async function testForecaster({ ctx, input }: Verb<OfForecasterInput>): Promise<ForecasterTrial> {
  authorise(ctx, 'forecaster.manage')
  const { workloadId } = parseInput(ofForecasterInput, input, 'request')
  const row = await ctx.db.forecaster.findUnique({ where: { workloadId }, include: { workload: true } })
  if (row === null) throw new NotFoundError('forecaster of the workload', workloadId)
  const { workload } = row
  const model = await ctx.db.modelState.findUnique({
    where: { workloadId_signal: { workloadId, signal: workload.demandSignal } },
    select: { horizon: true },
  })
  const horizon = model?.horizon ?? firstHorizon
  const now = ctx.clock.now()
  const question = await questionFor(ctx.db, workload, { horizon, windowSteps: row.windowSteps, now })
  if (question === null) {
    throw new ConflictError(`"${workload.title}" has no measured step yet, so there is nothing to send.`)
  }
  const started = performance.now()
  const outcome = await ask(ctx, row, question)
  const tookMs = Math.round(performance.now() - started)
  const sent = { tookMs, sentSteps: question.steps.length, leads: horizon }
  if (!outcome.ok) {
    return {
      ok: false,
      text: `Not usable: ${outcome.problem}.`,
      ...sent,
      firstMedian: null,
      lastMedian: null,
    }
  }
  const median = question.levels.indexOf(0.5)
  return {
    ok: true,
    text: `Good: ${horizon} leads × ${question.levels.length} levels in ${tookMs} ms.`,
    ...sent,
    firstMedian: outcome.quantiles[0]?.[median] ?? null,
    lastMedian: outcome.quantiles.at(-1)?.[median] ?? null,
  }
}
