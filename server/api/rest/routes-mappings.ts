import { z } from 'zod'
import { mappingInput } from '../../telemetry/contract.ts'
import { createMapping, deleteMapping, listMappings } from '../../telemetry/index.ts'
import { type Route, route } from './route.ts'

export const mappingRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/mappings',
    summary: 'Every mapping of samples to signals, in the order in which they are tried',
    permission: 'telemetry.read',
    answer: 'A list of mappings.',
    handle: (ctx) => listMappings({ ctx }),
  }),
  route({
    method: 'POST',
    path: '/mappings',
    summary: 'Declare which samples are which signal of which workload',
    permission: 'mapping.manage',
    answer: 'The mapping with its id.',
    body: mappingInput,
    handle: (ctx, { body }) => createMapping({ ctx, input: body }),
  }),
  route({
    method: 'DELETE',
    path: '/mappings/{id}',
    summary: 'Take a mapping away; what it brought in stays',
    permission: 'mapping.manage',
    answer: 'The id.',
    params: z.object({ id: z.uuid() }),
    handle: (ctx, { params: { id } }) => deleteMapping({ ctx, input: { id } }),
  }),
]
