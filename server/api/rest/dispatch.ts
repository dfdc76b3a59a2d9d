import { authorise } from '../../kernel/context.ts'
import { InvalidInputError, ServiceError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { respond } from '../create-request-context.ts'
import type { RequestContext } from '../request-context.ts'
import { readBody } from './read-body.ts'
import { readQuery } from './read-query.ts'
import type { Route } from './route.ts'
import { routes } from './routes.ts'

const base = '/api/v1'

/** Answers everything under /api/v1 that the routes table holds, as JSON. */
export function handleRest(request: Request): Promise<Response> {
  return respond(request, (ctx) => dispatch(ctx, request))
}

/** @throws ServiceError of any kind; `respond` turns it into an answer. */
export async function dispatch(ctx: RequestContext, request: Request): Promise<Response> {
  const url = new URL(request.url)
  const path = url.pathname.slice(base.length)
  const found = routes.flatMap((route) => {
    const params = matchPath(route.path, path)
    return params ? [{ route, params }] : []
  })
  if (found.length === 0) {
    throw new ServiceError(
      'not_found',
      `There is nothing at ${url.pathname}; ${base}/openapi.json lists all.`,
    )
  }
  const match = found.find(({ route }) => route.method === request.method)
  if (!match) {
    const allow = found.map(({ route }) => route.method).join(', ')
    const message = `${url.pathname} takes ${allow}, not ${request.method}.`
    const error = { code: 'unsupported', message, details: [], requestId: ctx.requestId }
    return Response.json({ error }, { status: 405, headers: { Allow: allow } })
  }
  authorise(ctx, match.route.permission)
  const result = await match.route.handle(ctx, await readInput(match.route, match.params, url, request))
  if (result instanceof Response) return result
  return Response.json(result ?? null, {
    headers: { 'Cache-Control': 'no-store', 'X-Request-Id': ctx.requestId },
  })
}

async function readInput(route: Route, params: Record<string, string>, url: URL, request: Request) {
  return {
    params: route.params && parseInput(route.params.strict(), params, 'address'),
    query: route.query && parseInput(route.query.strict(), readQuery(route.query, url.searchParams), 'query'),
    body: route.body && parseInput(route.body.strict(), await readBody(request), 'body'),
  }
}

/** @throws InvalidInputError for a "%" that begins no encoded character */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    const message = `"${part}" is not percent-encoded UTF-8`
    throw new InvalidInputError(`The address is not valid: ${message}.`, [
      { message, expected: '%25 for "%"' },
    ])
  }
}

/** The values of `{name}` parts, or null when the path is another one. */
function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? ''
    const name = /^\{(.+)\}$/.exec(part)?.[1]
    if (name) params[name] = decoded(value)
    else if (part !== value) return null
  }
  return params
}
