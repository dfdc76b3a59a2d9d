import { actionKinds } from '../../contract.ts'

/** What written policies may speak of; a policy that asks for anything else is refused when it is saved. */
export const cedarSchema = `namespace InfraSage {
  entity Plan;
  entity Workload {
    name: String,
    team: String,
    environment: String,
    dataClassification: String,
  };
  type Change = {
    from: Long,
    to: Long,
    change: Long,
    purpose: String,
    market: String,
    jurisdiction: String,
    securityTier: Long,
    extraUsdPerHour: decimal,
    extraCarbonGPerHour: decimal,
    changesLastHour: Long,
    spentThisMonthUsd: decimal,
    at: datetime,
    hourUtc: Long,
    weekdayUtc: String,
  };
  action ${actionKinds.map((kind) => `"${kind}"`).join(', ')} appliesTo {
    principal: [Plan],
    resource: [Workload],
    context: Change,
  };
}`
