import { ledgerQuery, ofDecisionInput } from '../../evaluation/contract.ts'
import { getLedgerEntry, listLedger } from '../../evaluation/index.ts'
import { type Route, route } from './route.ts'

export const ledgerRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/ledger',
    summary: 'What each decision was worth against a reactive autoscaler, and against not being overridden',
    permission: 'evaluation.read',
    answer:
      '`rows`, `totals` and `byWorkload` over all that matches, `people`, and `nextBeforeNumber` for the next page.',
    query: ledgerQuery,
    handle: (ctx, { query }) => listLedger({ ctx, input: query }),
  }),
  route({
    method: 'GET',
    path: '/ledger/{decisionId}',
    summary: 'What one decision was worth',
    permission: 'evaluation.read',
    answer: '`entry`: the figures and what they rest on; null where the decision has none yet.',
    params: ofDecisionInput,
    handle: async (ctx, { params }) => ({ entry: await getLedgerEntry({ ctx, input: params }) }),
  }),
]
