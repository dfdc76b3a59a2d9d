import { InvalidInputError, TooLargeError } from '../../kernel/errors.ts'
import type { IncomingSeries } from '../contract.ts'
import { intakeLimits } from '../limits.ts'

/** Nested messages of one request: what the limits of series and samples need, with twenty labels for each series. */
export const maxMessages = 2_000_000

/**
 * What both wire formats ask of a decoded request.
 * @throws TooLargeError when there are more series or samples than one transaction should hold; InvalidInputError for
 * text that PostgreSQL cannot keep.
 */
export function checkSeries(series: IncomingSeries[]): void {
  if (series.length > intakeLimits.series) {
    throw new TooLargeError(
      `The request has ${series.length} series; the limit is ${intakeLimits.series}. Send fewer in a request.`,
    )
  }
  const samples = series.reduce((sum, one) => sum + one.samples.length, 0)
  if (samples > intakeLimits.samples) {
    throw new TooLargeError(
      `The request has ${samples} samples; the limit is ${intakeLimits.samples}. Send fewer in a request.`,
    )
  }
  for (const { metric, labels } of series) {
    for (const text of [metric, ...Object.entries(labels).flat()]) {
      if (text.isWellFormed() && !text.includes('\0')) continue
      throw new InvalidInputError(`A name or label of ${JSON.stringify(metric)} is no proper text.`, [
        {
          path: 'labels',
          message: `${JSON.stringify(text)} holds U+0000 or half a surrogate pair`,
          expected: 'Unicode text',
        },
      ])
    }
  }
}
