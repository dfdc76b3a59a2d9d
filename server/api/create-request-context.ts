import { authenticateApiKey, isSecureUrl, type LiveSession, liveSession } from '../auth/index.ts'
import { systemClock } from '../kernel/clock.ts'
import type { Actor, Context } from '../kernel/context.ts'
import { UnauthenticatedError } from '../kernel/errors.ts'
import { randomIds } from '../kernel/ids.ts'
import { createLogger } from '../kernel/log.ts'
import type { Trace } from '../kernel/turned-away.ts'
import { passiveHeader } from './contract.ts'
import { toErrorResponse } from './errors.ts'
import { type WebHost, webHost } from './host.ts'
import type { RequestContext } from './request-context.ts'
import { callsOf } from './request-limits.ts'
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

/** `calls`: what the request counts as of what its person or key may make in a minute; 0 for the telemetry intake. */
type Counting = { calls: number }

/**
 * Who asks, by API key ("Authorization: Bearer isk_…") or session cookie, with the roles held now.
 * @throws UnauthenticatedError for a key that does not hold; ForbiddenError for a change from another site's page;
 *   RateLimitedError for a person or key that asks too often.
 */
export async function createRequestContext(
  request: Request,
  { calls }: Counting = { calls: callsOf(request) },
): Promise<RequestContext> {
  const host = await webHost()
  const { actor, session, enrolling } = await authenticate(host, request)
  host.countRequests(session?.actor ?? actor, calls)
  const reauthenticate = async () => {
    const again = await authenticate(host, request)
    if (again.actor.kind === 'anonymous')
      throw new UnauthenticatedError('The session has ended. Sign in again.')
    return again.actor
  }
  const { INFRASAGE_AUDIT_KEY_FILE: auditKeyFile, ...env } = host.env
  const { INFRASAGE_SANDBOX_URL: url, INFRASAGE_SANDBOX_TOKEN: token } = env
  const sandbox = url && token ? { url, token } : null
  return {
    ...anonymousContext(host),
    actor,
    sessionId: session?.id,
    enrolling,
    reauthenticate,
    changes: host.changes,
    publicUrl: host.publicUrl,
    auditKeyFile,
    sandbox,
  }
}

async function authenticate(
  host: WebHost,
  request: Request,
): Promise<{ actor: Actor; session: LiveSession | null; enrolling?: LiveSession['actor'] }> {
  const { db, env, publicUrl } = host
  const authorization = request.headers.get('authorization')
  if (authorization !== null) {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    if (!token) throw new UnauthenticatedError()
    return { actor: await authenticateApiKey({ db, clock: systemClock }, token), session: null }
  }
  const secure = isSecureUrl(publicUrl)
  const session = await liveSession(
    { db, clock: systemClock, secret: env.NEXTAUTH_SECRET, secure },
    request.headers,
    { passive: isPassive(request) },
  )
  if (!session) return { actor: { kind: 'anonymous' }, session: null }
  requireSameOrigin(request)
  if (session.stage === 'full') return { actor: session.actor, session }
  // Whoever has still to give a second factor, or to set one up, is nobody yet.
  const enrolling = session.stage === 'enrolment' ? session.actor : undefined
  return { actor: { kind: 'anonymous' }, session, enrolling }
}

/** What a page asks by itself while nobody touches it: the live stream, and what it makes the page fetch again. */
function isPassive({ headers }: Request): boolean {
  const isStream = headers.get('accept')?.includes('text/event-stream') ?? false
  return isStream || headers.get(passiveHeader) === '1'
}

/** Runs one REST request: makes its context and turns whatever is thrown into an answer. */
export async function respond(
  request: Request,
  work: (ctx: RequestContext) => Promise<Response>,
  counting?: Counting,
): Promise<Response> {
  let trace: Trace = { log, requestId: randomIds.uuid() }
  try {
    const ctx = await createRequestContext(request, counting)
    trace = { log, requestId: ctx.requestId, actor: ctx.actor }
    return await work(ctx)
  } catch (error) {
    return toErrorResponse(error, trace)
  }
}
