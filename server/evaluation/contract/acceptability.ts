import { z } from 'zod'

/** What the three questions are answered by: from 1, not at all, to 5, entirely. */
export const pulseAnswer = z.number().int().min(1).max(5)
/** The questions, in the order in which they are asked. */
export const pulseQuestions = ['clear', 'trust', 'ease'] as const
export type PulseQuestion = (typeof pulseQuestions)[number]
export type PulseAnswers = Record<PulseQuestion, number>

/** Weeks that are looked back on, this one included. */
export const acceptabilityQuery = z.object({
  weeks: z.number().int().min(1).max(52).default(12),
  workloadId: z.uuid().optional(),
  environment: z.string().max(63).optional(),
})
export type AcceptabilityQuery = z.input<typeof acceptabilityQuery>

/** How one proposal ended: what a person said, or that nobody did (*expire*). Times in milliseconds. */
export type EndedProposal = {
  workloadId: string
  kind: 'approve' | 'override' | 'reject' | 'expire'
  proposedAt: number
  decidedAt: number
  /** What the decision saved against the other course, from the ledger; null until that is final. */
  worthUsd: number | null
}

/** A surge that people were asked to act on: whether demand then passed the capacity that stood. */
export type JudgedAlarm = { workloadId: string; at: number; came: boolean }

/** A rate with what it is a rate of, so that nobody reads much into little. */
export type Rate = { count: number; of: number; rate: number | null }

/**
 * How people get on with what is proposed to them. Time to decide is of people's decisions; *approved*, *overridden*, *rejected* and
 * *expired* are shares of what ended; *regretted*: where the other course would have cost less, by the ledger's final
 * entries; *falseAlarms*: surges that did not come.
 */
export type AcceptabilityMeasures = {
  ended: number
  timeToDecideSeconds: { p50: number; p90: number } | null
  approved: Rate
  overridden: Rate
  rejected: Rate
  expired: Rate
  regretted: Rate
  falseAlarms: Rate
  falseAlarmsPerWeek: number
  /** Means from 1 to 5 over those who answered. */
  pulse: ({ answers: number } & PulseAnswers) | null
}

export type Acceptability = {
  from: string
  to: string
  total: AcceptabilityMeasures
  /** Oldest first; a week begins on Monday, UTC. */
  byWeek: ({ week: string } & AcceptabilityMeasures)[]
  byWorkload: ({
    workload: { id: string; name: string; title: string; environment: string }
  } & AcceptabilityMeasures)[]
}

/** An earlier proposal of the same workload, purpose and direction, and how it turned out. */
export type SimilarProposal = {
  id: string
  number: number
  at: string
  fromReplicas: number
  toReplicas: number
  surgeProbability: number | null
  state: 'waiting' | 'approved' | 'rejected' | 'expired' | 'superseded'
  decision: { id: string; number: number; kind: string; who: string; dispatchState: string | null } | null
  /** What the decision saved (+) or cost (−) against the other course; null where the ledger has nothing final. */
  worthUsd: number | null
  /** Whether the surge came; null where there was none, or it is not judged. */
  surgeCame: boolean | null
}
