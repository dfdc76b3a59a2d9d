/** What a process of the product may do at its end; `withinMs`: then it is ended, done or not. */
type Cleanup = (withinMs: number) => Promise<void> | void

/** The supervisor kills after 3 s; who starts processes otherwise says what time they have. */
const supervisedMs = 2_500

/** What `INFRASAGE_SHUTDOWN_SECONDS` gives a process between SIGTERM and its end, in milliseconds; null if nothing is said. */
export function shutdownMs(source: Record<string, string | undefined> = process.env): number | null {
  const seconds = Number(source.INFRASAGE_SHUTDOWN_SECONDS)
  return seconds > 0 ? seconds * 1_000 : null
}

/**
 * Ties a child process to the supervisor: it ends when the supervisor does, however that ended, and on SIGTERM or
 * SIGINT, after `cleanup`. Run by hand, without a supervisor, only the signals count.
 */
export function exitWithParent(cleanup: Cleanup = () => undefined): void {
  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    const withinMs = shutdownMs() ?? supervisedMs
    setTimeout(() => process.exit(1), withinMs).unref()
    try {
      await cleanup(withinMs)
      process.exit(0)
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      process.exit(1)
    }
  }
  process.once('disconnect', end)
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
}

/** Tells the supervisor that this process now does its work. */
export function reportReady(): void {
  process.send?.({ type: 'ready' })
}

/** Ends a process that could not start, saying what is wrong to whoever started it. */
export function failStart(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
