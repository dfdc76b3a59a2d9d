import { authorise, type Verb } from '../kernel/context.ts'
import { InvalidInputError, NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { type SignalPoint, type SignalWindow, signalCatalogue, signalWindow } from './contract.ts'

export type SignalRead = { unit: string; stepSeconds: number; points: SignalPoint[] }

/**
 * A signal over [from, to), at the workload's step, or at the smallest multiple of it that needs no more than
 * `maxPoints`; coarser points are the mean (of a `max` signal the maximum) of their steps, and null without any.
 * `stepSeconds` says which step it became. Points start at multiples of it since the epoch, the first at or before `from`.
 * @throws NotFoundError, InvalidInputError
 */
export async function readSignal({ ctx, input }: Verb<SignalWindow>): Promise<SignalRead> {
  authorise(ctx, 'telemetry.read')
  const window = parseInput(signalWindow, input, 'window')
  const spanSeconds = (Date.parse(window.to) - Date.parse(window.from)) / 1_000
  if (spanSeconds <= 0) {
    throw new InvalidInputError('The window is empty.', [
      {
        path: 'to',
        message: `${window.to} is not after ${window.from}`,
        expected: 'an instant after `from`',
      },
    ])
  }
  const workload = await ctx.db.workload.findUnique({ where: { id: window.workloadId } })
  if (!workload) throw new NotFoundError('workload', window.workloadId)

  const spec = signalCatalogue.find((signal) => signal.name === window.signal)
  // A window that does not begin at a multiple of the step needs one point more.
  const steps = Math.ceil(spanSeconds / workload.stepSeconds)
  const stepSeconds = workload.stepSeconds * Math.max(1, Math.ceil(steps / (window.maxPoints - 1)))
  const first = Math.floor(Date.parse(window.from) / 1_000 / stepSeconds)
  const last = Math.ceil(Date.parse(window.to) / 1_000 / stepSeconds) - 1
  const points = await ctx.db.$queryRaw<{ at: Date; value: number | null }[]>`
    WITH point AS (
      SELECT
        floor(date_part('epoch', r."at") / ${stepSeconds}::int)::int8 AS k,
        CASE WHEN ${spec?.across === 'max'} THEN max(r."value") ELSE avg(r."value") END AS value
      FROM "Rollup" r
      WHERE r."workloadId" = ${window.workloadId}::uuid AND r."signal" = ${window.signal}
        AND r."at" >= to_timestamp(${first * stepSeconds}::float8)
        AND r."at" < to_timestamp(${(last + 1) * stepSeconds}::float8)
      GROUP BY k
    )
    SELECT to_timestamp(series.k * ${stepSeconds}::int) AS at, point.value
    FROM generate_series(${first}::int8, ${last}::int8) AS series(k)
    LEFT JOIN point USING (k)
    ORDER BY series.k`
  return {
    unit: spec?.unit ?? '',
    stepSeconds,
    points: points.map(({ at, value }) => ({ at: at.toISOString(), value })),
  }
}
