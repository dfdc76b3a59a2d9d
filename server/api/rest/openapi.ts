import { z } from 'zod'
import { permissions } from '../../kernel/roles.ts'
import { intakePaths } from './openapi-intake.ts'
import type { Route, Schema } from './route.ts'
import { routes } from './routes.ts'

/** OpenAPI 3.1 of the routes table; its schemas are those that the requests are held against. */
export function openApiDocument(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = { ...intakePaths }
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'InfraSage',
      version: '1',
      description: 'The same verbs as the screens, with the same roles. Money in USD, times ISO 8601 in UTC.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ apiKey: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, "isk_…", made under People.' },
        session: { type: 'apiKey', in: 'cookie', name: 'next-auth.session-token' },
      },
      schemas: { Error: errorSchema },
      responses: {
        Error: {
          description: 'What was wrong, where, and what would be right.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
    },
  }
}

const errorSchema = z.toJSONSchema(
  z.object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      details: z
        .object({ path: z.string().optional(), message: z.string(), expected: z.string().optional() })
        .array(),
      requestId: z.string(),
    }),
  }),
)

function operation(route: Route): Record<string, unknown> {
  const { roles, scope } = permissions[route.permission]
  const name = route.path.replaceAll(/[{}]/g, '').split('/').filter(Boolean).join('-')
  return {
    operationId: `${route.method.toLowerCase()}-${name}`,
    summary: route.summary,
    description: `For the role ${roles.join(' or ')}; an API key also needs the scope "${scope}".`,
    tags: [route.path.split('/')[1]],
    parameters: [...parameters('path', route.params), ...parameters('query', route.query)],
    requestBody: route.body && {
      required: true,
      content: { 'application/json': { schema: jsonSchema(route.body) } },
    },
    responses: {
      200: { description: route.answer },
      default: { $ref: '#/components/responses/Error' },
    },
  }
}

function parameters(place: 'path' | 'query', schema: Schema | undefined) {
  if (!schema) return []
  const { properties = {}, required = [] } = jsonSchema(schema)
  return Object.entries(properties).map(([name, field]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: field,
  }))
}

/** What a client may send: defaults are optional. */
const jsonSchema = (schema: Schema) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
