/** SQLSTATE of a server that goes down, comes up or lets nobody in (PostgreSQL, appendix A: classes 08, 57P). */
const awayStates = /^(08...|57P0[123]|53300)$/
/** Codes of the socket, and of Prisma: not reachable, no connection in time, connection lost, no transaction to be had. */
const awayCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2037'],
])
/** What the driver says without a code, or with that of the server among its words. */
const awayWords =
  /Code: `(57P0[123]|08\w{3}|53300)`|Connection terminated|connection error and is not queryable|Connection ended|timeout exceeded when trying to connect|Unable to start a transaction|Transaction already closed|Transaction not found|DatabaseNotReachable|ConnectionClosed|Server has closed the connection/i

/** Whether an error says that the database did not answer, or was lost on the way: nobody knows then whether a commit was kept. */
export function isDatabaseAway(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Object && depth < 6; depth++) {
    const { code, originalCode, kind, message, cause } = at as Record<string, unknown>
    const codes = [code, originalCode, kind].map(String)
    if (codes.some((one) => awayCodes.has(one) || awayStates.test(one) || awayWords.test(one))) return true
    if (typeof message === 'string' && awayWords.test(message)) return true
    at = cause
  }
  return false
}
