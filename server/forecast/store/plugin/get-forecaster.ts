import { authorise, type Verb } from '../../../kernel/context.ts'
import { parseInput } from '../../../kernel/parse.ts'
import { type ForecasterView, type OfForecasterInput, ofForecasterInput } from '../../plugin/contract.ts'
import { forecasterView } from './forecaster-row.ts'

/** A workload's own forecaster and how it fares; null when it has none. */
export async function getForecaster({ ctx, input }: Verb<OfForecasterInput>): Promise<ForecasterView | null> {
  authorise(ctx, 'forecast.read')
  const { workloadId } = parseInput(ofForecasterInput, input, 'request')
  const row = await ctx.db.forecaster.findUnique({ where: { workloadId } })
  return row === null ? null : forecasterView(row, ctx.clock.now())
}
