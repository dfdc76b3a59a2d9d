import { z } from 'zod'
import { forecastAtInput } from '../../forecast/contract.ts'
import { forecastAt } from '../../forecast/index.ts'
import { setPolicyInput } from '../../governance/contract.ts'
import { getPolicy, setPolicy } from '../../governance/index.ts'
import { adviceInput, controllerStateQuery } from '../../plan/contract.ts'
import { controllerStates, getAdvice } from '../../plan/index.ts'
import { signalName, signalWindow, workloadInput, workloadUpdate } from '../../telemetry/contract.ts'
import {
  createWorkload,
  getWorkload,
  listWorkloads,
  readSignal,
  updateWorkload,
} from '../../telemetry/index.ts'
import { type Route, route } from './route.ts'

const params = z.object({ id: z.uuid() })
const ofPath = { workloadId: true } as const

export const workloadRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/controllers',
    summary: 'Who is in control of each pool: the plan, or the autoscaler that runs in its shadow',
    permission: 'forecast.read',
    answer: 'A list with `control`, `since`, and what both would have cost.',
    query: controllerStateQuery,
    handle: (ctx, { query }) => controllerStates({ ctx, input: query }),
  }),
  route({
    method: 'GET',
    path: '/workloads',
    summary: 'Every workload, by name',
    permission: 'telemetry.read',
    answer: 'A list of workloads.',
    handle: (ctx) => listWorkloads({ ctx }),
  }),
  route({
    method: 'POST',
    path: '/workloads',
    summary: 'Declare a workload',
    permission: 'workload.manage',
    answer: 'The workload with its id.',
    body: workloadInput,
    handle: (ctx, { body }) => createWorkload({ ctx, input: body }),
  }),
  route({
    method: 'GET',
    path: '/workloads/{id}',
    summary: 'One workload',
    permission: 'telemetry.read',
    answer: 'The workload.',
    params,
    handle: (ctx, { params: { id } }) => getWorkload({ ctx, input: { id } }),
  }),
  route({
    method: 'PATCH',
    path: '/workloads/{id}',
    summary: 'Change what is given of a workload',
    permission: 'workload.manage',
    answer: 'The workload as it is now.',
    params,
    body: workloadUpdate.omit({ id: true }),
    handle: (ctx, { params: { id }, body }) => updateWorkload({ ctx, input: { id, ...body } }),
  }),
  route({
    method: 'GET',
    path: '/workloads/{id}/signals/{signal}',
    summary: 'A signal over a window, coarser where the window is long',
    permission: 'telemetry.read',
    answer: '`unit`, `stepSeconds` and `points`, with null where nothing was measured.',
    params: params.extend({ signal: signalName }),
    query: signalWindow.omit({ workloadId: true, signal: true }),
    handle: (ctx, { params: { id, signal }, query }) =>
      readSignal({ ctx, input: { workloadId: id, signal, ...query } }),
  }),
  route({
    method: 'GET',
    path: '/workloads/{id}/forecast',
    summary: 'The newest forecast, or the newest at a past moment',
    permission: 'forecast.read',
    answer: 'The forecast as it was issued, or null before the first.',
    params,
    query: forecastAtInput.omit(ofPath),
    handle: (ctx, { params: { id }, query }) => forecastAt({ ctx, input: { workloadId: id, ...query } }),
  }),
  route({
    method: 'GET',
    path: '/workloads/{id}/advice',
    summary: 'What could be done better: serverless, caching, batching, size, spot',
    permission: 'catalog.read',
    answer:
      '`advice` with verdict, monthly saving, what it rests on and when it would be wrong; changes nothing.',
    params,
    query: adviceInput.omit(ofPath),
    handle: (ctx, { params: { id }, query }) => getAdvice({ ctx, input: { workloadId: id, ...query } }),
  }),
  route({
    method: 'GET',
    path: '/workloads/{id}/policy',
    summary: 'The policy in force',
    permission: 'policy.read',
    answer: 'The bounds and their version. 404 before the first.',
    params,
    handle: (ctx, { params: { id } }) => getPolicy({ ctx, input: { workloadId: id } }),
  }),
  route({
    method: 'PUT',
    path: '/workloads/{id}/policy',
    summary: 'Put a new version of the policy in force',
    permission: 'policy.manage',
    answer: 'The new version. 409 when another than `basedOnVersion` is in force.',
    params,
    body: setPolicyInput.omit(ofPath),
    handle: (ctx, { params: { id }, body }) => setPolicy({ ctx, input: { workloadId: id, ...body } }),
  }),
]
