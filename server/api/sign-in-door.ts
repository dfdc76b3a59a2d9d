import { type DoorForRequest, nextAuthOptions, oidcSettings, passwordLimits } from '../auth/index.ts'
import { anonymousContext } from './create-request-context.ts'
import { webHost } from './host.ts'

/** How this request may sign in or out. */
export async function signInDoor(request: Request): Promise<DoorForRequest> {
  const host = await webHost()
  // next-auth takes its own address from nowhere else.
  process.env.NEXTAUTH_URL ??= host.publicUrl
  const door = {
    db: host.db,
    secret: host.env.NEXTAUTH_SECRET,
    publicUrl: host.publicUrl,
    limits: passwordLimits,
    demo: host.env.INFRASAGE_SANDBOX_URL !== undefined,
    oidc: oidcSettings(host.env),
    anonymousContext: () => anonymousContext(host),
  }
  // The web server has put the true address there: server/runtime/client-address.ts.
  const address = request.headers.get('x-forwarded-for') ?? 'unknown'
  return nextAuthOptions(door, { headers: request.headers, address })
}
