import { metrics } from '../../kernel/metrics.ts'
import type { WriteReceipt, WriteSource } from '../contract.ts'

/** Adds what became of the samples to our own metrics. */
export function countReceipt(source: WriteSource, receipt: WriteReceipt): void {
  const { intakeSamples, intakeUnmappedSeries } = metrics()
  const { stored, replaced, duplicates, ignored, rejected, unmappedSamples, unmappedSeries } = receipt
  const results = { stored, replaced, duplicate: duplicates, ignored, rejected, unmapped: unmappedSamples }
  for (const [result, count] of Object.entries(results)) {
    if (count > 0) intakeSamples.inc({ source, result }, count)
  }
  if (unmappedSeries > 0) intakeUnmappedSeries.inc({ source }, unmappedSeries)
}

/** Counts and times one request of the intake by the status of its answer. */
export async function countRequest(
  protocol: WriteSource,
  answer: () => Promise<Response>,
): Promise<Response> {
  const { intakeRequests, intakeSeconds } = metrics()
  const done = intakeSeconds.startTimer({ protocol })
  const response = await answer()
  done()
  intakeRequests.inc({ protocol, status: String(response.status) })
  return response
}
