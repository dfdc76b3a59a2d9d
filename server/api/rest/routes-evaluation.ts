import { z } from 'zod'
import { replayRequest } from '../../evaluation/contract.ts'
import { listReplayChoices, replayWorkload } from '../replay/replay-workload.ts'
import { type Route, route } from './route.ts'

/** Looking back: what every policy would have done over measured demand. */
export const evaluationRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/replays',
    summary: 'Which workloads can be replayed, and over what span',
    permission: 'evaluation.read',
    answer:
      'A list of workloads with the span of their telemetry, and what stands in the way if anything does.',
    handle: (ctx) => listReplayChoices({ ctx }),
  }),
  route({
    method: 'GET',
    path: '/workloads/{id}/replay',
    summary: 'Replay every policy over a past window of the workload’s own demand',
    permission: 'evaluation.read',
    answer:
      '`outcomes` by policy, `pareto` of cost and latency, `terms` that all were held to. 503 when too many replays wait.',
    params: z.object({ id: z.uuid() }),
    query: replayRequest.omit({ workloadId: true }),
    handle: (ctx, { params: { id }, query }) => replayWorkload({ ctx, input: { workloadId: id, ...query } }),
  }),
]
