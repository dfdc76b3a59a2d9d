import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../kernel/log.ts'
import { type Intake, sendWrite, untilIntakeReady } from './remote-write.ts'
import type { StateFiles } from './state-files.ts'
import type { World } from './world.ts'

/** Samples in one write: well below what an intake takes, large enough that two weeks leave in some twenty writes. */
const maxSamplesPerWrite = 25_000
const firstBackoffMs = 250
const longestBackoffMs = 15_000

/**
 * Lives the simulated cloud: simulates what time has passed, sends what was measured, remembers both; again and
 * again until `signal` is aborted. `onCaughtUp` is called once, when the intake has everything for the first time.
 */
export async function emit(
  parts: { world: World; files: StateFiles; intake: Intake; log: Logger; onCaughtUp: () => void },
  signal: AbortSignal,
): Promise<void> {
  const { world, files, intake, log } = parts
  const pauseMs = Math.min(1_000, (world.scene.sampleSeconds * 1000) / 3)
  let backoffMs = firstBackoffMs
  let caughtUp = false
  await untilIntakeReady(intake, signal)
  while (!signal.aborted) {
    const before = world.state.tickAt
    world.advance()
    const batch = world.outbox.next(maxSamplesPerWrite)
    if (!batch) {
      if (!caughtUp) parts.onCaughtUp()
      caughtUp = true
      if (world.state.tickAt > before) files.writeState(world.state)
      await pause(pauseMs, signal)
      continue
    }
    const outcome = await sendWrite(intake, batch.series, signal)
    // A scene that was stopped meanwhile has no folder any more; what was sent twice is sent once.
    if (signal.aborted) return
    if (outcome.kind === 'again') {
      log.warn({ message: outcome.message, waitMs: backoffMs }, 'the intake did not take a write')
      await pause(backoffMs, signal)
      backoffMs = Math.min(longestBackoffMs, backoffMs * 2)
      continue
    }
    backoffMs = firstBackoffMs
    if (outcome.kind === 'dropped')
      log.error({ message: outcome.message, samples: batch.samples }, 'the intake refused a write')
    world.outbox.drop(batch)
    for (const { workload, part, at } of batch.taken) world.markSent(workload, part, at)
    files.writeState(world.state)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => undefined)
}
