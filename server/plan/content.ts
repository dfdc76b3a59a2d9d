import { quantileAt } from '../forecast/index.ts'
import { alternativesTo } from './alternatives.ts'
import { assess } from './assess.ts'
import { servedQuantile } from './base-stock.ts'
import type { ContentRequest } from './content-request.ts'
import type { PlanContent } from './contract.ts'
import { reasonsFor, summaryOf } from './reasons.ts'
import { leadsInSpan, plannedLead, planningSpanSeconds } from './timing.ts'
import { complianceAt } from './within-rules.ts'

/** Puts a proposal together: assessment, alternatives, deadlines, words and the evidence under them. */
export function composeContent(request: ContentRequest): PlanContent {
  const { input, direction, toReplicas, surge } = request
  const { capacity, policy, forecast } = input
  const quantile = servedQuantile(input)
  const demands = leadsInSpan(input).map(({ values }) => quantileAt(forecast.levels, values, quantile))
  const demandAtQuantile = Math.max(0, ...demands)
  const { actBy, expiresAt } = deadlines(request)
  const compliance = complianceAt(input, request.wanted)
  return {
    ...assess(input, toReplicas),
    direction,
    summary: summaryOf(request),
    reasons: reasonsFor(request, demandAtQuantile),
    alternatives: alternativesTo(request),
    ...(compliance ? { compliance } : {}),
    actBy,
    expiresAt,
    evidence: {
      forecast,
      surge,
      capacity,
      policy,
      ...(input.rules && input.rules.ruleSet.version > 0
        ? { ruleSetVersion: input.rules.ruleSet.version }
        : {}),
      prices: [
        {
          offeringId: capacity.offering.id,
          pricePerReplicaHourUsd: capacity.offering.pricePerReplicaHourUsd,
        },
      ],
      objectiveP99Ms: input.workload.objectiveP99Ms,
      servedQuantile: quantile,
      demandAtQuantile,
      provisioningLeadSeconds: capacity.offering.leadTimeP90Seconds,
      approvalLeadSeconds: policy.approvalLeadSeconds,
      planningSpanSeconds: planningSpanSeconds(input),
      plannedLead: plannedLead(input),
    },
  }
}

/**
 * Act by: the last moment at which what is ordered is ready (p90) when the surge starts; never earlier than the time that
 * people are given, because late capacity still helps. A proposal expires when its surge is over or, without one,
 * when it is old enough to be judged anew.
 */
function deadlines({ input, surge }: ContentRequest): { actBy: string; expiresAt: string } {
  const now = Date.parse(input.now)
  const patience = Math.max(input.policy.approvalLeadSeconds, input.workload.stepSeconds) * 1_000
  const lead = input.capacity.offering.leadTimeP90Seconds * 1_000
  const actBy =
    surge === null
      ? now + patience
      : Math.max(now + input.workload.stepSeconds * 1_000, Date.parse(surge.startsAt) - lead)
  const useful = surge === null ? actBy + patience : Math.max(Date.parse(surge.endsAt), actBy + patience)
  return { actBy: new Date(actBy).toISOString(), expiresAt: new Date(useful).toISOString() }
}
