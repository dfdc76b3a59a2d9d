/** What a process of the product may do at its end: given up to 3 s, then it is killed. */
type Cleanup = () => Promise<void> | void

const cleanupTimeoutMs = 2_500

/**
 * Ties a child process to the supervisor: it ends when the supervisor does, however that ended, and on SIGTERM or
 * SIGINT, after `cleanup`. Run by hand, without a supervisor, only the signals count.
 */
export function exitWithParent(cleanup: Cleanup = () => undefined): void {
  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(1), cleanupTimeoutMs).unref()
    try {
      await cleanup()
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
