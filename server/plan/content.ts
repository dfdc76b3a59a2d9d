import { alternativesTo } from './alternatives.ts'
import { assess } from './assess.ts'
import type { ContentRequest } from './content-request.ts'
import type { PlanContent } from './contract.ts'
import { deadlinesOf } from './deadlines.ts'
import { evidenceOf } from './evidence.ts'
import { reasonsFor, summaryOf } from './reasons.ts'
import { complianceAt } from './within-rules.ts'

/** Puts a proposal together: assessment, alternatives, deadlines, words and the evidence under them. */
export function composeContent(request: ContentRequest): PlanContent {
  const { input, direction, toReplicas, surge } = request
  const evidence = evidenceOf(input, surge, [input.capacity])
  const compliance = complianceAt(input, request.wanted)
  return {
    ...assess(input, toReplicas),
    direction,
    summary: summaryOf(request),
    reasons: reasonsFor(request, evidence.demandAtQuantile),
    alternatives: alternativesTo(request),
    ...(compliance ? { compliance } : {}),
    ...deadlinesOf(input, surge, input.capacity.offering.leadTimeP90Seconds),
    evidence,
  }
}
