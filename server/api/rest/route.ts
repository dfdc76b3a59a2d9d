import type { z } from 'zod'
import type { Permission } from '../../kernel/roles.ts'
import type { RequestContext } from '../request-context.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Schema = z.ZodObject

/** One REST operation over a verb. `path` is below /api/v1, with `{name}` for what `params` names. */
export type Route = {
  method: Method
  path: string
  summary: string
  permission: Permission
  /** What a good answer holds, in words. */
  answer: string
  params?: Schema
  query?: Schema
  body?: Schema
  handle(ctx: RequestContext, input: { params: unknown; query: unknown; body: unknown }): Promise<unknown>
}

type Typed<P extends Schema, Q extends Schema, B extends Schema> = Omit<
  Route,
  'params' | 'query' | 'body' | 'handle'
> & {
  params?: P
  query?: Q
  body?: B
  handle(
    ctx: RequestContext,
    input: { params: z.output<P>; query: z.output<Q>; body: z.output<B> },
  ): Promise<unknown>
}

/** Ties the types of `handle` to the schemas, which the dispatcher has applied before it calls. */
export function route<P extends Schema, Q extends Schema, B extends Schema>(
  definition: Typed<P, Q, B>,
): Route {
  return definition as Route
}
