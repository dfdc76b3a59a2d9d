import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { approvalsRouter, autonomyRouter, breakGlassRouter } from './routers/approvals.ts'
import { auditRouter } from './routers/audit.ts'
import { baseModelRouter } from './routers/base-model.ts'
import { changes } from './routers/changes.ts'
import { decisionRouter } from './routers/decision.ts'
import { domainRouter } from './routers/domain.ts'
import { evaluationRouter } from './routers/evaluation.ts'
import { eventRouter, forecasterRouter, forecastRouter } from './routers/forecast.ts'
import { ledgerRouter } from './routers/ledger.ts'
import { mappingRouter } from './routers/mapping.ts'
import { notifierRouter } from './routers/notifier.ts'
import { overviewRouter, statusRouter } from './routers/overview.ts'
import { apiKeyRouter, groupRouter, peopleRouter, sessionRouter } from './routers/people.ts'
import { policyRouter } from './routers/policy.ts'
import { policyEngineRouter } from './routers/policy-engine.ts'
import { proposalRouter } from './routers/proposal.ts'
import { rulesRouter } from './routers/rules.ts'
import { sceneRouter } from './routers/scene.ts'

import { switchRouter } from './routers/switch.ts'
import { targetRouter } from './routers/target.ts'
import { viewRouter } from './routers/view.ts'
import { workloadRouter } from './routers/workload.ts'
import { router } from './trpc.ts'

export const appRouter = router({
  apiKey: apiKeyRouter,
  approvals: approvalsRouter,
  audit: auditRouter,
  autonomy: autonomyRouter,
  baseModel: baseModelRouter,
  breakGlass: breakGlassRouter,
  changes,
  decision: decisionRouter,
  domain: domainRouter,
  evaluation: evaluationRouter,
  event: eventRouter,
  forecast: forecastRouter,
  forecaster: forecasterRouter,
  group: groupRouter,
  ledger: ledgerRouter,
  mapping: mappingRouter,
  notifier: notifierRouter,
  overview: overviewRouter,
  people: peopleRouter,
  policy: policyRouter,
  policyEngine: policyEngineRouter,
  proposal: proposalRouter,
  scene: sceneRouter,
  rules: rulesRouter,
  session: sessionRouter,
  status: statusRouter,
  switch: switchRouter,
  target: targetRouter,
  workload: workloadRouter,
  view: viewRouter,
})

/** Components import these types, and nothing else of the server. */
export type AppRouter = typeof appRouter
export type RouterInputs = inferRouterInputs<AppRouter>
export type RouterOutputs = inferRouterOutputs<AppRouter>
