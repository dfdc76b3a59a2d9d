import { UnavailableError } from '../kernel/errors.ts'
import { type SandboxClient, sandboxClient } from '../sandbox/client.ts'

/** Address and token of the simulated cloud's own API; null where none runs. */
export type SandboxServer = { url: string; token: string } | null

/** @throws UnavailableError where no simulated cloud runs */
export function clientOf(sandbox: SandboxServer): SandboxClient {
  if (sandbox) return sandboxClient(sandbox)
  throw new UnavailableError(
    'No simulated cloud runs beside this installation. Start it without INFRASAGE_SANDBOX=off to play scenes.',
  )
}
