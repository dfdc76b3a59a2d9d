import { append } from '../../../audit/index.ts'
import { announce } from '../../../kernel/bus.ts'
import { authorise, type Verb } from '../../../kernel/context.ts'
import { NotFoundError } from '../../../kernel/errors.ts'
import { parseInput } from '../../../kernel/parse.ts'
import { transact } from '../../../kernel/transact.ts'
import { type OfForecasterInput, ofForecasterInput } from '../../plugin/contract.ts'

/** Takes a workload's own forecaster away; what it answered stays with the forecasts it took part in. @throws NotFoundError */
export async function removeForecaster({ ctx, input }: Verb<OfForecasterInput>): Promise<void> {
  authorise(ctx, 'forecaster.manage')
  const { workloadId } = parseInput(ofForecasterInput, input, 'request')
  await transact(ctx, async (tx) => {
    const row = await tx.forecaster.findUnique({ where: { workloadId } })
    if (row === null) throw new NotFoundError('forecaster of the workload', workloadId)
    await tx.forecaster.delete({ where: { workloadId } })
    await announce(tx, { topic: 'forecaster', id: workloadId })
    await append(tx, ctx, {
      stage: 'forecast',
      action: 'forecaster.removed',
      subject: `workload/${workloadId}`,
      body: { name: row.name, url: row.url },
    })
  })
}
