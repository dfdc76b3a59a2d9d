import type { Change } from '../kernel/bus.ts'
import type { Actor, Context } from '../kernel/context.ts'
import type { SandboxServer } from '../scenes/index.ts'

/** What changed, from now until the signal. */
export type ChangeFeed = (signal: AbortSignal) => AsyncIterable<Change>

/** The context of one request over HTTP. */
export type RequestContext = Context & {
  /** Looks again whether the session or key still holds. @throws UnauthenticatedError when it does not. */
  reauthenticate(): Promise<Actor>
  /** Whose sign-in waits for a second factor to be set up, which is all they may do. */
  enrolling?: Extract<Actor, { kind: 'user' }>
  changes: ChangeFeed
  /** Where people reach the product, without a slash at its end. */
  publicUrl: string
  /** Private key of the audit log, a path. */
  auditKeyFile: string
  /** The simulated cloud's own API; null where none runs. */
  sandbox: SandboxServer
}
