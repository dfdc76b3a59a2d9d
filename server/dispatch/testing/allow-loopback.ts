/** Stand-ins are on loopback, which is called only where it is listed; a test that lists something else keeps that. */
export function allowLoopback(): void {
  process.env.INFRASAGE_PRIVATE_HOSTS ??= '127.0.0.1'
}
