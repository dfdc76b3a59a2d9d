import { append } from '../../../audit/index.ts'
import { announce } from '../../../kernel/bus.ts'
import { authorise, type Verb } from '../../../kernel/context.ts'
import { InvalidInputError, NotFoundError } from '../../../kernel/errors.ts'
import { OutboundError, outboundUrl } from '../../../kernel/outbound.ts'
import { parseInput } from '../../../kernel/parse.ts'
import { transact } from '../../../kernel/transact.ts'
import { freshRecord } from '../../plugin/breaker.ts'
import { type ForecasterView, type SetForecasterInput, setForecasterInput } from '../../plugin/contract.ts'
import { EXPERT_NAMES } from '../../roster.ts'
import { forecasterView, sealSecret } from './forecaster-row.ts'

/**
 * Gives a workload a forecaster of its team's own, or changes it; faults counted so far are forgotten. It takes part
 * from the next step on, as one more expert.
 * @throws NotFoundError, InvalidInputError naming the field: an address that may not be called, a header without a secret
 */
export async function setForecaster({ ctx, input }: Verb<SetForecasterInput>): Promise<ForecasterView> {
  authorise(ctx, 'forecaster.manage')
  const { workloadId, secret, ...settings } = parseInput(setForecasterInput, input, 'forecaster')
  requireUsable(settings)
  return transact(ctx, async (tx) => {
    const workload = await tx.workload.findUnique({ where: { id: workloadId } })
    if (workload === null) throw new NotFoundError('workload', workloadId)
    const before = await tx.forecaster.findUnique({ where: { workloadId } })
    const { secretHeader } = settings
    // The secret belongs to where it is sent: another address must be given its own.
    const keeps =
      before !== null && sameOrigin(before.url, settings.url) && before.secretHeader === secretHeader
    if (secretHeader !== null && secret === undefined && !(keeps && before.encryptedSecret !== null)) {
      const message =
        'is missing: the header needs its value, also when the address or the header is another one'
      throw new InvalidInputError(`The forecaster is not valid: "secret" ${message}.`, [
        { path: 'secret', message },
      ])
    }
    const id = before?.id ?? ctx.ids.uuid()
    const now = ctx.clock.now()
    const encryptedSecret =
      secretHeader === null ? null : secret === undefined ? before?.encryptedSecret : sealSecret(id, secret)
    const kept = { ...settings, ...freshRecord, encryptedSecret, updatedAt: now }
    const row = await tx.forecaster.upsert({
      where: { workloadId },
      create: { ...kept, id, workloadId, createdAt: now },
      update: kept,
    })
    await announce(tx, { topic: 'forecaster', id: workloadId })
    await append(tx, ctx, {
      stage: 'forecast',
      action: before === null ? 'forecaster.created' : 'forecaster.changed',
      subject: `workload/${workloadId}`,
      body: {
        workload: workload.name,
        ...settings,
        newSecret: secretHeader !== null && secret !== undefined,
      },
    })
    return forecasterView(row, now)
  })
}

function requireUsable({ url, name }: { url: string; name: string }): void {
  if (EXPERT_NAMES.some((expert) => expert === name)) {
    const message = `"${name}" is one of our experts; choose another name`
    throw new InvalidInputError(`The forecaster is not valid: ${message}.`, [{ path: 'name', message }])
  }
  try {
    outboundUrl(url)
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    throw new InvalidInputError(`The forecaster is not valid: ${error.message}`, [
      { path: 'url', message: error.message },
    ])
  }
}

function sameOrigin(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).origin === new URL(b).origin
}
