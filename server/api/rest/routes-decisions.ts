import { z } from 'zod'
import { decisionQuery } from '../../governance/contract.ts'
import { listDecisions } from '../../governance/index.ts'
import { readDecision } from '../decision-record.ts'
import { type Route, route } from './route.ts'

export const decisionRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/decisions',
    summary: 'The decision log',
    permission: 'decision.read',
    answer: '`rows`, and `nextBeforeNumber` to give as `beforeNumber` for the next page, null on the last.',
    query: decisionQuery,
    handle: (ctx, { query }) => listDecisions({ ctx, input: query }),
  }),
  route({
    method: 'GET',
    path: '/decisions/{id}',
    summary: 'One decision: what was seen, sent and answered, and its entries in the log',
    permission: 'decision.read',
    answer: '`decision`, `dispatch` (null when nothing was to be sent) and `entries`.',
    params: z.object({ id: z.uuid() }),
    handle: (ctx, { params }) => readDecision({ ctx, input: params }),
  }),
]
