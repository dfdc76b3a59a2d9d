import type { Route } from './route.ts'
import { auditRoutes } from './routes-audit.ts'
import { connectionRoutes } from './routes-connections.ts'
import { decisionRoutes } from './routes-decisions.ts'
import { evaluationRoutes } from './routes-evaluation.ts'
import { forecastRoutes } from './routes-forecasts.ts'
import { ledgerRoutes } from './routes-ledger.ts'
import { mappingRoutes } from './routes-mappings.ts'
import { placeRoutes } from './routes-places.ts'
import { policyEngineRoutes } from './routes-policy-engine.ts'
import { proposalRoutes } from './routes-proposals.ts'
import { ruleRoutes } from './routes-rules.ts'
import { workloadRoutes } from './routes-workloads.ts'

/** Every REST operation but the intake. */
export const routes: Route[] = [
  ...workloadRoutes,
  ...evaluationRoutes,
  ...forecastRoutes,
  ...mappingRoutes,
  ...placeRoutes,
  ...connectionRoutes,
  ...proposalRoutes,
  ...ruleRoutes,
  ...policyEngineRoutes,
  ...decisionRoutes,
  ...ledgerRoutes,
  ...auditRoutes,
]
