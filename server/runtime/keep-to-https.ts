import type { ServerResponse } from 'node:http'

/** A year, as ASVS 5.0 (3.4.1) asks for at least. */
const policy = `max-age=${365 * 86_400}; includeSubDomains`

/**
 * Has browsers ask by https alone from now on, where people reach the product by https. `publicUrl`: absent on loopback,
 * where a host that is told so could not be reached any more.
 */
export function keepToHttps(response: ServerResponse, publicUrl: string | undefined): void {
  if (publicUrl?.startsWith('https:')) response.setHeader('Strict-Transport-Security', policy)
}
