import { authenticateApiKey, isSecureUrl, sessionActor } from '../auth/index.ts'
import { systemClock } from '../kernel/clock.ts'
import type { Actor, Context } from '../kernel/context.ts'
import { UnauthenticatedError } from '../kernel/errors.ts'
import { randomIds } from '../kernel/ids.ts'
import { createLogger } from '../kernel/log.ts'
import { toErrorResponse } from './errors.ts'
import { type WebHost, webHost } from './host.ts'
import type { RequestContext } from './request-context.ts'
import { requireSameOrigin } from './same-origin.ts'

const log = createLogger('web')

/** A context in which nobody is signed in. */
export function anonymousContext(host: WebHost): Context {
  const { db, queue, log } = host
  return {
    db,
    queue,
    log,
    clock: systemClock,
    ids: randomIds,
    requestId: randomIds.uuid(),
    actor: { kind: 'anonymous' },
  }
}

/**
 * Who asks, by API key ("Authorization: Bearer isk_…") or session cookie, with the roles held now.
 * @throws UnauthenticatedError for a key that does not hold; ForbiddenError for a change from another site's page.
 */
export async function createRequestContext(request: Request): Promise<RequestContext> {
  const host = await webHost()
  const actor = await authenticate(host, request)
  const reauthenticate = async () => {
    const again = await authenticate(host, request)
    if (again.kind === 'anonymous') throw new UnauthenticatedError('The session has ended. Sign in again.')
    return again
  }
  const { INFRASAGE_AUDIT_KEY_FILE: auditKeyFile, ...env } = host.env
  const { INFRASAGE_SANDBOX_URL: url, INFRASAGE_SANDBOX_TOKEN: token } = env
  const sandbox = url && token ? { url, token } : null
  return {
    ...anonymousContext(host),
    actor,
    reauthenticate,
    changes: host.changes,
    publicUrl: host.publicUrl,
    auditKeyFile,
    sandbox,
  }
}

async function authenticate(host: WebHost, request: Request): Promise<Actor> {
  const authorization = request.headers.get('authorization')
  if (authorization !== null) {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    if (!token) throw new UnauthenticatedError()
    return authenticateApiKey({ db: host.db, clock: systemClock }, token)
  }
  const { db, env, publicUrl } = host
  const session = { db, secret: env.NEXTAUTH_SECRET, secure: isSecureUrl(publicUrl) }
  const actor = await sessionActor(session, request.headers)
  if (!actor) return { kind: 'anonymous' }
  requireSameOrigin(request)
  return actor
}

/** Runs one REST request: makes its context and turns whatever is thrown into an answer. */
export async function respond(
  request: Request,
  work: (ctx: RequestContext) => Promise<Response>,
): Promise<Response> {
  const trace = { log, requestId: randomIds.uuid() }
  try {
    const ctx = await createRequestContext(request)
    trace.requestId = ctx.requestId
    return await work(ctx)
  } catch (error) {
    return toErrorResponse(error, trace)
  }
}
