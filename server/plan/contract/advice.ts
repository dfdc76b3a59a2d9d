import { z } from 'zod'
import type { LearnedTime } from './learned.ts'
import type { CapacityModel } from './models.ts'

/** Which workload, and from how many past days of its telemetry. */
export const adviceInput = z.object({
  workloadId: z.uuid(),
  days: z.coerce.number().int().min(1).max(60).default(14),
})
export type AdviceInput = z.input<typeof adviceInput>

export const adviceKinds = ['serverless', 'caching', 'batching', 'right-sizing', 'spot'] as const
export type AdviceKind = (typeof adviceKinds)[number]

/** One number that an advice rests on, and where it comes from. `value` null: it is not known, and `label` says what would be. */
export type Ground = {
  label: string
  value: number | null
  /** As written behind the number, for instance "req/s", "%", "$/month"; empty for a count or a plain ratio. */
  unit: string
  source: 'measured' | 'declared' | 'assumed' | 'computed'
}

/** Lines over one axis, for a chart beside an advice: cost against utilisation, latency against rate. */
export type AdviceChart = {
  title: string
  x: { label: string; unit: string }
  y: { label: string; unit: string }
  /** Points in rising x; `y` null where there is no value, for instance no settled queue. */
  lines: { label: string; points: { x: number; y: number | null }[] }[]
  /** Places on the x axis that are spoken of: where the workload is, where lines cross. */
  marks: { label: string; x: number }[]
}

/** What could be done, what it would save, and why one should believe it or not. It changes nothing by itself. */
export type Advice = {
  kind: AdviceKind
  title: string
  /** *change*: worth doing. *keep*: as it is is better. *unknown*: what is measured or declared does not tell. */
  verdict: 'change' | 'keep' | 'unknown'
  /** The verdict in one or two sentences. */
  summary: string
  /** USD per month of 730 hours, the less and the more hopeful; below zero it costs more. Null where it cannot be said. */
  savingPerMonthUsd: { low: number; high: number } | null
  restsOn: Ground[]
  confidence: 'high' | 'medium' | 'low'
  /** Why that confidence, in one sentence. */
  confidenceWhy: string
  /** When it would be wrong, in sentences. */
  wrongWhen: string[]
  chart: AdviceChart | null
}

/** All advice on one workload, made when it is asked for. */
export type AdviceView = {
  workloadId: string
  madeAt: string
  /** The first and the last step that it was made from; the span that was asked about where none was measured. */
  from: string
  to: string
  stepSeconds: number
  /** Steps of the demand signal that were measured in it. */
  observations: number
  /**
   * How the workload's pool serves; null where no model is fitted. How long capacity and people take, as plans count with: what is
   * declared, where nothing was measured; null without a pool or a policy.
   */
  model: CapacityModel | null
  lead: LearnedTime | null
  approval: LearnedTime | null
  /** One of each kind that applies to the workload; those worth doing first. */
  advice: Advice[]
}
