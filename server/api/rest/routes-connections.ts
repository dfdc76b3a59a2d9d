import { z } from 'zod'
import { connectionInput, updateConnectionInput } from '../../dispatch/contract.ts'
import {
  checkConnection,
  createConnection,
  getConnectionRights,
  listConnections,
  removeConnection,
  removeTarget,
  updateConnection,
} from '../../dispatch/index.ts'
import { type Route, route } from './route.ts'

const params = z.object({ id: z.uuid() })
const name = z.string().min(1).max(253)

/** How targets are reached, what that needs, and whether it has it. Credentials go in and never come out. */
export const connectionRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/connections',
    summary: 'Every connection with the result of its last try',
    permission: 'target.read',
    answer: 'A list of connections, by name, without credentials.',
    handle: (ctx) => listConnections({ ctx }),
  }),
  route({
    method: 'POST',
    path: '/connections',
    summary: 'Connect: the settings are tried, and kept encrypted if they work',
    permission: 'target.manage',
    answer: 'Its id.',
    body: connectionInput,
    handle: (ctx, { body }) => createConnection({ ctx, input: body }),
  }),
  route({
    method: 'PUT',
    path: '/connections/{id}/settings',
    summary: 'Replace settings, such as credentials; the old ones stay until the new ones have worked',
    permission: 'target.manage',
    answer: 'Nothing.',
    params,
    body: updateConnectionInput.omit({ connectionId: true }),
    handle: async (ctx, { params: { id }, body }) => {
      await updateConnection({ ctx, input: { connectionId: id, ...body } })
      return {}
    },
  }),
  route({
    method: 'DELETE',
    path: '/connections/{id}',
    summary: 'Forget a connection that has no targets, with its credentials',
    permission: 'target.manage',
    answer: 'The id.',
    params,
    handle: (ctx, { params: { id } }) => removeConnection({ ctx, input: { connectionId: id } }),
  }),
  route({
    method: 'DELETE',
    path: '/targets/{id}',
    summary: 'Forget a target that has no pool and that nothing was ever sent to',
    permission: 'target.manage',
    answer: 'The id.',
    params,
    handle: (ctx, { params: { id } }) => removeTarget({ ctx, input: { targetId: id } }),
  }),
  route({
    method: 'POST',
    path: '/connections/{id}/check',
    summary: 'Try a connection now, and each right that its targets need',
    permission: 'target.manage',
    answer: '`ok`, `message`, and `examination`: as whom, at what, until when, and what is `missing`.',
    params,
    handle: (ctx, { params: { id } }) => checkConnection({ ctx, input: { connectionId: id } }),
  }),
  route({
    method: 'GET',
    path: '/connections/{id}/rights',
    summary: 'The least that must be granted for the targets that are mapped, as manifests of Kubernetes',
    permission: 'target.read',
    answer: '`manifest`: YAML to apply, null where there is nothing to grant; `targets`: how many it is for.',
    params,
    query: z.object({
      service_account: z
        .string()
        .regex(/^[^/]+\/[^/]+$/, 'is namespace/name')
        .optional(),
      user: name.optional(),
      also: z
        .string()
        .optional()
        .describe('objects that are no targets yet, as namespace/Kind/name, by commas'),
      discovery: z.stringbool().default(false),
    }),
    handle: (ctx, { params: { id }, query: { service_account: account, user, also, discovery } }) => {
      const [namespace = '', name = ''] = account?.split('/') ?? []
      const serviceAccount = account === undefined ? {} : { serviceAccount: { namespace, name } }
      return getConnectionRights({
        ctx,
        input: { connectionId: id, user, also: also?.split(','), discovery, ...serviceAccount },
      })
    },
  }),
]
