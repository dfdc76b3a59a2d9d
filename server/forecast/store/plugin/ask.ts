import type { Context } from '../../../kernel/context.ts'
import type { Forecaster } from '../../../kernel/generated/client.ts'
import { OutboundError, postOutbound } from '../../../kernel/outbound.ts'
import { readAnswer } from '../../plugin/answer.ts'
import { secretHeaders } from './forecaster-row.ts'

/** Far more than the longest horizon at nine levels needs. */
const maxAnswerBytes = 1_048_576

/** What a forecaster is asked: docs/forecaster-plugin.md describes the request that is made of it. */
export type Question = {
  workload: { name: string }
  signal: string
  unit: string
  stepSeconds: number
  horizon: number
  levels: readonly number[]
  steps: readonly { at: Date; value: number | null }[]
}

export type Outcome = { ok: true; quantiles: number[][] } | { ok: false; problem: string }

/** Asks once, and holds the answer against the protocol. Never throws: whatever goes wrong is a problem in words. */
export async function ask(ctx: Context, row: Forecaster, question: Question): Promise<Outcome> {
  try {
    const headers = secretHeaders(row)
    const { status, body } = await postOutbound({
      url: row.url,
      headers,
      body: requestBody(question),
      timeoutMs: row.timeoutMs,
      maxAnswerBytes,
    })
    if (status >= 300 && status < 400) {
      return {
        ok: false,
        problem: `it answered ${status}; redirects are not followed, give the final address`,
      }
    }
    if (status !== 200) return { ok: false, problem: `it answered ${status}, expected 200` }
    const text = body.toString('utf8')
    const answer = readAnswer(text, question)
    if (answer.ok) return answer
    const shown = readAnswer(withoutSecret(text, headers), question)
    return shown.ok ? { ok: false, problem: 'it echoes its secret' } : shown
  } catch (error) {
    if (error instanceof OutboundError) return { ok: false, problem: error.message }
    ctx.log.warn({ workloadId: row.workloadId, err: error }, 'a forecaster could not be asked')
    return { ok: false, problem: 'it could not be asked; its secret may have been kept under another key' }
  }
}

/** What is wrong with an answer is shown to everybody: one that echoes the request must not show the secret. */
function withoutSecret(text: string, headers: Record<string, string>): string {
  const secrets = Object.values(headers).flatMap((value) => [value, ...value.split(' ')])
  return secrets
    .filter(({ length }) => length > 5)
    .reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text)
}

function requestBody({ workload, signal, unit, stepSeconds, horizon, levels, steps }: Question): string {
  return JSON.stringify({
    protocol: 'infrasage-forecaster/1',
    workload: workload.name,
    signal,
    unit,
    stepSeconds,
    horizon,
    levels,
    timestamps: steps.map(({ at }) => at.toISOString()),
    values: steps.map(({ value }) => value),
  })
}
