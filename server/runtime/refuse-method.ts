import type { IncomingMessage, ServerResponse } from 'node:http'

const answered = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/**
 * Refuses a method that nothing here answers, TRACE before all, which has a server show a request to whoever reads the answer
 * (ASVS 5.0, 13.4.4). @returns whether it was one
 */
export function refusesMethod({ method = '' }: IncomingMessage, response: ServerResponse): boolean {
  if (answered.includes(method)) return false
  response.writeHead(405, { Allow: answered.join(', ') }).end()
  return true
}
